"""From the rows of a file to payloads: what each column means, what each cell says, what was understood otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker.entries import kinds
from tracker.entries.fields import Date, Field, Group, Json, Ref, Refs
from tracker.entries.kinds import Kind
from tracker.entries.payloads import normalised
from tracker.values import canonical

from . import columns, reading_values
from .columns import ENTRY, REVISION, Spot, lists_of, plain_of
from .file_rows import FileRow
from .reading_values import Misread
from .references import Asked, Directory

SHOWN = 80
_GEOMETRY = "geometry"


@dataclass
class Meant:
    """What a row is understood to say."""

    number: int
    kind: str = ""
    key: str = ""
    revision: int | None = None
    facts: Json = field(default_factory=dict)
    """The payload's members that the file speaks of; None where it empties one."""
    whole: bool = False
    """Whether what the file does not speak of is not so, as in JSON; else it stays as it is."""
    problems: list[tuple[str, str, str]] = field(default_factory=list)
    notes: list[tuple[str, str, str]] = field(default_factory=list)

    def wrong(self, column: str, value: Any, reason: str) -> None:
        self.problems.append((column, short(value), reason))


def short(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else canonical.dumps(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


# --- the header ---------------------------------------------------------------------------------------------------


class Table:
    """What the columns of a file mean for a kind."""

    def __init__(self, kind: Kind, header: Sequence[str], sheets: dict[str, list[str]]) -> None:
        self.kind = kind
        self.trouble: list[str] = []
        self.spots = self._understood(header)
        self.sheets = {name: self._sheet(name, found) for name, found in sheets.items()}
        self._refuse_doubles()
        if "key" not in {at.steps[0] for at in self.spots.values()} and not self.trouble:
            self.trouble.append("缺少列 key（键） the column key is missing")

    def _understood(self, header: Sequence[str]) -> dict[str, Spot]:
        found: dict[str, Spot] = {}
        for column in filter(None, header):
            at = columns.spot(self.kind, column)
            if at is None:
                self.trouble.append(_unknown(column, columns.suggestion(self.kind, column)))
            elif column in found:
                self.trouble.append(f"列“{column}”出现两次 the column stands twice")
            else:
                found[column] = at
        return found

    def _sheet(self, name: str, header: Sequence[str]) -> dict[str, Spot]:
        found: dict[str, Spot] = {}
        for column in filter(None, header):
            at = columns.child_spot(lists_of(self.kind)[name], column)
            if at is None:
                self.trouble.append(f"工作表“{name}”：{_unknown(column, '')}")
            else:
                found[column] = at
        return found

    def _refuse_doubles(self) -> None:
        seen: dict[tuple[str | int, ...], str] = {}
        for column, at in self.spots.items():
            other = seen.setdefault(at.steps, column)
            if other != column:
                self.trouble.append(f"列“{other}”与“{column}”是同一列 the two columns are the same")
        whole = {at.steps[0] for at in self.spots.values() if len(at.steps) == 1}
        both = {at.steps[0] for at in self.spots.values() if len(at.steps) > 1} & whole
        both |= {name for name in self.sheets if any(at.steps[0] == name for at in self.spots.values())}
        self.trouble += [f"“{name}”既是一列又另有分列 is given in two ways" for name in sorted(map(str, both))]

    def columns_of(self, path: str) -> str:
        """The column in which a problem at a path of the payload stands."""
        steps = [part for part in path.split("/") if part]
        best, length = "", -1
        for column, at in self.spots.items():
            if steps and at.steps[0] == steps[0]:
                same = len([1 for one, other in zip(at.steps, steps, strict=False) if str(one) == other])
                if same > length:
                    best, length = column, same
        return best or (steps[0] if steps else "")


def _unknown(column: str, near: str) -> str:
    meant = f"；是否：{near}？ did you mean {near}?" if near else ""
    return f"没有列“{column}”{meant or ' there is no such column'}"


# --- the rows -----------------------------------------------------------------------------------------------------


class Understanding:
    """Understands the rows of one file, a batch at a time."""

    def __init__(self, table: Table | None, kind: str) -> None:
        self._table, self._kind = table, kind
        self._directory = Directory()

    def batch(self, rows: Sequence[FileRow]) -> list[Meant]:
        prepared = [self._prepared(row) for row in rows]
        self._directory.load(asked for meant, tree in prepared for asked in _asked(meant, tree))
        for meant, tree in prepared:
            self._convert(meant, tree)
        return [meant for meant, _ in prepared]

    def _prepared(self, row: FileRow) -> tuple[Meant, Json]:
        meant = Meant(row.number, kind=self._kind, problems=list(row.problems))
        return meant, (self._of_object(meant, row) if self._table is None else self._of_cells(meant, row, self._table))

    # --- from JSON

    def _of_object(self, meant: Meant, row: FileRow) -> Json:
        meant.whole = True
        found = dict(row.cells)
        geometry = found.pop(_GEOMETRY, None)
        said = found.pop("kind", None) if not self._kind or "kind" in found else None
        meant.kind = self._kind or (said if isinstance(said, str) else "")
        if not kinds.known(meant.kind):
            if not row.problems:
                meant.wrong("kind", said, "每行须写明种类 kind is missing or unknown")
            meant.kind = ""
            return {}
        if said not in (None, meant.kind):
            meant.wrong("kind", said, f"本次导入的是 {meant.kind} this import is of {meant.kind}")
        self._take_identity(meant, found)
        if geometry is not None:
            _place(meant, found, geometry)
        return found

    # --- from cells

    def _of_cells(self, meant: Meant, row: FileRow, table: Table) -> Json:
        texts = ((at, _blank_as_none(row.cells.get(column))) for column, at in table.spots.items())
        found = columns.tree(texts)
        for name in {at.steps[0] for at in table.spots.values()} - set(found):
            found[str(name)] = None
        said = found.pop("kind", None)
        if said not in (None, meant.kind, kinds.get(meant.kind).zh):
            meant.wrong("kind", said, f"本次导入的是 {meant.kind} this import is of {meant.kind}")
        self._take_identity(meant, found)
        for name in lists_of(table.kind):
            if isinstance(found.get(name), str):
                found[name] = self._whole_list(meant, name, found[name])
        for name, spots in table.sheets.items():
            found[name] = [self._child(meant, name, spots, cells) for cells in row.children.get(name, [])]
        return found

    def _child(self, meant: Meant, name: str, spots: dict[str, Spot], cells: Json) -> Json:
        sheet, number, problems = cells[""]
        meant.problems += [(f"{sheet}!{column}（第 {number} 行）", value, reason) for column, value, reason in problems]
        texts = ((at, _blank_as_none(cells.get(column))) for column, at in spots.items() if at.steps != (ENTRY,))
        return columns.tree(texts)

    def _whole_list(self, meant: Meant, column: str, text: str) -> Any:
        value = columns.unjson(text)
        if isinstance(value, list) and all(isinstance(item, dict) for item in value):
            return _Typed(value)
        meant.wrong(column, text, "这一格应为 JSON 列表，或分列写：如 "
                    f"{column}.1.key a JSON list is expected here, or columns such as {column}.1.key")  # fmt: skip
        return None

    # --- what both share

    def _take_identity(self, meant: Meant, found: Json) -> None:
        key, revision = found.pop("key", None), found.pop("revision", None)
        if isinstance(key, str) and key.strip():
            meant.key = key.strip()
        else:
            meant.wrong("key", key, "必填 is missing")
        if revision is not None:
            meant.revision = self._revision(meant, revision)

    def _revision(self, meant: Meant, value: Any) -> int | None:
        try:
            number = reading_values.read(REVISION, str(value), _no_reference)
        except Misread:
            number = -1
        if isinstance(number, int) and 0 <= number < 2**31:
            return number
        meant.wrong(
            "revision", value, "应为导出时的修订号，新条目空着 the number of the revision exported, empty if new"
        )
        return None

    def _convert(self, meant: Meant, tree: Json) -> None:
        if not meant.kind:
            return
        kind = kinds.get(meant.kind)
        known = {member.name: member for member in plain_of(kind)}
        reader = _Reader(meant, self._directory, typed=meant.whole)
        for name, value in tree.items():
            if value is None:
                meant.facts[name] = None
            elif name in known:
                meant.facts[name] = reader.value(known[name], value, name)
            elif name in lists_of(kind) and isinstance(value, list):
                meant.facts[name] = reader.rows(lists_of(kind)[name].fields, value, name)
            else:
                meant.facts[name] = value
        _default_paths(meant.facts)
        said = normalised(meant.facts)
        meant.facts = {name: said.get(name) for name in meant.facts}


class _Typed(list[Any]):
    """A list that was given as JSON: its members have their types already."""


def _blank_as_none(value: Any) -> Any:
    if isinstance(value, str):
        stripped = value.strip()
        if not stripped:
            return None
        return value if stripped == value else type(value)(stripped)
    return value


def _no_reference(member: Ref, text: str) -> Any:
    raise Misread("no reference is expected here")


def _default_paths(facts: Json) -> None:
    """A citation without a path is one of the whole entry."""
    for citation in facts.get("citations") or []:
        if isinstance(citation, dict) and citation.get("path") is None:
            citation["path"] = ""


class _Reader:
    """Turns what a row says into what the payload holds, and keeps what went wrong."""

    def __init__(self, meant: Meant, directory: Directory, *, typed: bool) -> None:
        self._meant, self._directory, self._typed = meant, directory, typed

    def value(self, member: Field, value: Any, column: str) -> Any:
        if isinstance(member, Group):
            return self._group(member, value, column)
        if isinstance(member, Refs) and isinstance(value, list):
            return [self._text(Ref(name=member.name, zh=member.zh, en=member.en, kinds=member.kinds,
                                    vocabulary=member.vocabulary, or_title=member.or_title), item, column)
                     if isinstance(item, str) else item for item in value]  # fmt: skip
        if not isinstance(value, str) or (self._typed and not isinstance(member, Date | Ref)):
            return value
        return self._text(member, value, column)

    def _group(self, member: Group, value: Any, column: str) -> Any:
        if not isinstance(value, dict):
            return value
        inner = {one.name: one for one in member.fields}
        return {name: item if item is None or name not in inner else self.value(inner[name], item, f"{column}.{name}")
                for name, item in value.items()}  # fmt: skip

    def rows(self, fields: Sequence[Field], rows: list[Any], column: str) -> list[Any]:
        reader = _Reader(self._meant, self._directory, typed=True) if isinstance(rows, _Typed) else self
        inner = {one.name: one for one in fields}
        found = []
        for place, row in enumerate(rows, start=1):
            if not isinstance(row, dict):
                found.append(row)
                continue
            found.append({name: item if item is None or name not in inner
                          else reader.value(inner[name], item, f"{column}.{place}.{name}")
                          for name, item in row.items()})  # fmt: skip
        return found

    def _text(self, member: Field, text: str, column: str) -> Any:
        try:
            value = reading_values.read(member, text, self._directory.meant)
        except Misread as error:
            self._meant.wrong(column, text, str(error))
            return None
        if not _says_the_same(member, text, value):
            self._meant.notes.append((column, short(text), short(value)))
        return value


def _says_the_same(member: Field, text: str, value: Any) -> bool:
    """Whether what was understood is just what was written."""
    written = columns.written(member, value)
    if isinstance(member, Refs) and isinstance(value, list):
        return set(reading_values.references_in(member, text)) <= {item for item in value if isinstance(item, str)} \
            or written == text  # fmt: skip
    if isinstance(value, bool):
        return text.casefold() == str(value).casefold()
    if isinstance(written, str):
        return written == text or (not isinstance(member, Date | Ref) and value == text) or _is_list(value)
    return canonical.dumps(value) == text


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _place(meant: Meant, found: Json, geometry: Any) -> None:
    """The point of a feature is the entry's own."""
    kind = kinds.get(meant.kind)
    member = next(
        (one for one in kind.all_fields if isinstance(one, Group) and one.name in ("location", "point")), None
    )
    position = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if (
        member is None
        or not isinstance(geometry, dict)
        or geometry.get("type") != "Point"
        or not (isinstance(position, list) and len(position) >= 2 and isinstance(found.get(member.name) or {}, dict))
    ):
        meant.wrong("geometry", geometry, "有自己位置的才可有点坐标（Point，经度在前） only a Point, longitude first, "
                    "of a kind that has a place of its own")  # fmt: skip
        return
    found[member.name] = {**(found.get(member.name) or {}), "lng": position[0], "lat": position[1]}


# --- which names have to be looked up -----------------------------------------------------------------------------


def _asked(meant: Meant, tree: Json) -> Iterator[Asked]:
    if not meant.kind:
        return
    kind = kinds.get(meant.kind)
    for member in plain_of(kind):
        yield from _asked_by(member, tree.get(member.name))
    for name, listed in lists_of(kind).items():
        rows = tree.get(name)
        for row in rows if isinstance(rows, list) else ():
            for member in listed.fields:
                yield from _asked_by(member, row.get(member.name) if isinstance(row, dict) else None)


def _asked_by(member: Field, value: Any) -> Iterable[Asked]:
    if isinstance(member, Ref):
        texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        for text in texts:
            if isinstance(text, str):
                yield from ((member, part) for part in reading_values.references_in(member, text))
    elif isinstance(member, Group) and isinstance(value, dict):
        for inner in member.fields:
            yield from _asked_by(inner, value.get(inner.name))
