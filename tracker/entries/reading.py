"""From rows back to payloads: the proof that the tables hold what the revisions say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.apps import apps

from . import kinds
from .fields import Children, Json, Target
from .models import Entry, Reference

_Spot = tuple[int, str, str]  # entry, field without keys, child


class Rows:
    """Every row that belongs to some entries, loaded in a few queries a kind."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = {entry.pk: entry for entry in entries}
        self._details: dict[int, Json] = {}
        self._children: dict[tuple[int, str], list[Json]] = defaultdict(list)
        self._titles: dict[_Spot, str] = {}
        self.targets: dict[_Spot, list[Target]] = defaultdict(list)
        by_kind: dict[str, list[int]] = defaultdict(list)
        for entry in entries:
            by_kind[entry.kind].append(entry.pk)
        for kind, pks in by_kind.items():
            self._load_kind(kinds.get(kind), pks)
        self._load_references()

    def _load_kind(self, kind: kinds.Kind, pks: list[int]) -> None:
        for row in kind.detail_model._default_manager.filter(entry_id__in=pks).values():
            self._details[row["entry_id"]] = row
            self._keep_titles(row, "", "")
        for member in kind.children():
            rows = apps.get_model(member.model)._default_manager.filter(entry_id__in=pks).order_by("position")
            for row in rows.values():
                self._children[row["entry_id"], member.name].append(row)
                self._keep_titles(row, f"{member.name}/", row["key"])

    def _keep_titles(self, row: Json, prefix: str, child: str) -> None:
        """Titles as written stand in the rows; the reference keeps only the folded form."""
        for column, value in row.items():
            if column.endswith("_title") and value:
                self._titles[row["entry_id"], prefix + column.removesuffix("_title"), child] = value

    def _load_references(self) -> None:
        rows = Reference.objects.filter(entry_id__in=list(self.entries)).select_related("target").order_by("position")
        for row in rows:
            spot = (row.entry_id, row.field, row.child)
            if row.sought:
                target = Target(row.target_kind, "", self._titles.get(spot, ""))
            else:
                target = Target(row.target_kind, row.named or (row.target.key if row.target else ""))
            self.targets[spot].append(target)

    def payload(self, entry: Entry) -> Json:
        """The facts of one entry as its rows hold them, without citations and rulings."""
        kind = kinds.get(entry.kind)
        common = {name: getattr(entry, name) for name in kind.entry_columns}
        row = _Row(self, entry.pk, {**self._details[entry.pk], **common}, "", "")
        payload: Json = {"kind": entry.kind, "key": entry.key}
        for member in kind.all_fields:
            value = member.read(row)
            if value is not None:
                payload[member.name] = value
        return payload

    def children(self, entry_id: int, name: str) -> list[Json]:
        return self._children[entry_id, name]


class _Row:
    """One row as ``Field.read`` sees it."""

    def __init__(self, rows: Rows, entry_id: int, values: Json, prefix: str, child: str) -> None:
        self._rows, self._entry_id, self._values, self._prefix, self._child = rows, entry_id, values, prefix, child

    def column(self, name: str) -> Any:
        return self._values.get(name)

    def targets(self, field: str) -> list[Target]:
        return self._rows.targets.get((self._entry_id, self._prefix + field, self._child), [])

    def children(self, field: Children) -> list[_Row]:
        rows = self._rows.children(self._entry_id, field.name)
        return [_Row(self._rows, self._entry_id, values, f"{field.name}/", values["key"]) for values in rows]
