"""Two payloads side by side, fact by fact in the order of the kind's fields, children aligned by key, proof beside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from tracker.entries.fields import Children, Code, Date, Field, Group, Json, Ref, Target
from tracker.entries.kinds import Kind
from tracker.entries.world import Names
from tracker.values import canonical
from tracker.values.codes import Rank
from tracker.values.paths import covering_paths

from . import spoken

_LOCATORS = (("section", "", ""), ("table", "表", "table"), ("row", "行", "row"), ("column", "列", "column"),
             ("span", "", ""))  # fmt: skip
SAME, ADDED, REMOVED, CHANGED = "same", "added", "removed", "changed"


@dataclass(frozen=True)
class Row:
    """One fact on both sides; an empty side does not have it."""

    path: str
    label: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    old_proof: tuple[str, ...]
    new_proof: tuple[str, ...]

    @property
    def change(self) -> str:
        if self.old == self.new:
            return SAME
        if not self.old:
            return ADDED
        return CHANGED if self.new else REMOVED


@dataclass
class Section:
    """The rows of one field, or of one child."""

    label: str
    key: str = ""
    rows: list[Row] = field(default_factory=list)

    @property
    def change(self) -> str:
        changes = {row.change for row in self.rows}
        return changes.pop() if len(changes) == 1 else CHANGED

    @property
    def changed_rows(self) -> list[Row]:
        return [row for row in self.rows if row.change != SAME]


@dataclass(frozen=True)
class CitationChange:
    change: str
    about: str
    text: str


def targets(kind: Kind, payload: Json) -> Iterator[Target]:
    """Everything that a payload names: what it refers to, and the sources it cites."""
    yield from (wanted.target for wanted in kind.wanted(payload))
    yield from (Target("source", citation["source"]) for citation in payload.get("citations", []))


class Comparison:
    """What differs between two payloads of one entry; either may be empty."""

    def __init__(self, kind: Kind, old: Json, new: Json, beside: Mapping[tuple[str, str], str] | None = None,
                 names: Names | None = None) -> None:  # fmt: skip
        """
        :param beside: names of what is not public yet, by kind and key: proposals of the same set.
        :param names: the ``targets`` of both, looked up already for several comparisons.
        """
        self.kind, self.old, self.new = kind, old, new
        self._beside = beside or {}
        self._names = names or Names()
        if names is None:
            self._names.load([*targets(kind, old), *targets(kind, new)])

    def sections(self) -> Iterator[Section]:
        """Every field that one side has; the template shows all of it or what changed."""
        general = Section(_("基本事实"))
        for member in self.kind.all_fields:
            old, new = self.old.get(member.name), self.new.get(member.name)
            if old is None and new is None:
                continue
            if isinstance(member, Children):
                if general.rows:
                    yield general
                    general = Section(_("其他事实"))
                yield from self._children(member, old or [], new or [])
            elif isinstance(member, Group):
                general.rows += self._members(member.fields, old or {}, new or {}, f"/{member.name}",
                                              f"{_label(member)} › ")  # fmt: skip
            else:
                general.rows.append(self._row(member, old, new, f"/{member.name}"))
        if general.rows:
            yield general

    def changed_sections(self) -> list[Section]:
        return [section for section in self.sections() if section.changed_rows]

    def _children(self, member: Children, old: list[Json], new: list[Json]) -> Iterator[Section]:
        before, after = ({child["key"]: child for child in children} for children in (old, new))
        for key in [*after, *(key for key in before if key not in after)]:
            path = f"/{member.name}/{key}"
            rows = self._members(member.fields, before.get(key, {}), after.get(key, {}), path)
            yield Section(_label(member), key, rows)
        kept = [key for key in before if key in after]
        if kept != [key for key in after if key in before]:
            order = Row(f"/{member.name}", _("次序"), tuple(before), tuple(after), (), ())
            yield Section(_label(member), "", [order])

    def _members(self, fields: Sequence[Field], old: Json, new: Json, path: str, prefix: str = "") -> list[Row]:
        return [self._row(member, old.get(member.name), new.get(member.name), f"{path}/{member.name}", prefix)
                for member in fields if member.name in old or member.name in new]  # fmt: skip

    def _row(self, member: Field, old: Any, new: Any, path: str, prefix: str = "") -> Row:
        return Row(path, prefix + _label(member), self.said(member, old), self.said(member, new),
                   () if old is None else tuple(self._proof(self.old, path)),
                   () if new is None else tuple(self._proof(self.new, path)))  # fmt: skip

    # --- in words

    def said(self, member: Field, value: Any) -> tuple[str, ...]:
        """A value as a person reads it, one text per line."""
        if value is None:
            return ()
        if isinstance(value, list):
            return tuple(text for item in value for text in self.said(member, item))
        match member:
            case Ref():
                return (self._reference(member, value),)
            case Code():
                return (spoken.told(str(dict(member.choices.choices).get(value, value))),)
            case Date():
                said = spoken.date(value)
                return (value if said == value else f"{value}{_bracketed(said)}",)
        if isinstance(value, bool):
            return (_("是") if value else _("否"),)
        return (canonical.plain(Decimal(value)) if isinstance(value, int | Decimal) else str(value),)

    def _reference(self, member: Ref, value: Any) -> str:
        if isinstance(value, dict):
            return _("《%(title)s》（尚未收录）") % {"title": value["title"]}
        target = member.target(value)
        if name := self._beside.get((target.kind, target.key)):
            return f"{name}{_bracketed(value)}"
        found = self._names.reference(target)
        if not found.get("key"):
            return f"{value}{_bracketed(_('没有此条目'))}"
        return f"{found['name']}{_bracketed(value)}"

    def _proof(self, payload: Json, path: str) -> Iterator[str]:
        """The citations of the nearest path that has any."""
        citations = payload.get("citations", [])
        for covering in covering_paths(path):
            found = [citation for citation in citations if citation["path"] == covering]
            if found:
                yield from (self.citation(citation) for citation in found)
                return

    def citation(self, citation: Json) -> str:
        """A citation in a line: source, locator, the words printed, and what the source says otherwise."""
        source = self._names.reference(Target("source", citation["source"]))
        locator = citation.get("locator", {})
        named = self._beside.get(("source", citation["source"])) or str(source["name"])
        words = [named, *(f"{spoken.said(zh, en)} {locator[name]}".strip() for name, zh, en in _LOCATORS
                          if name in locator)]  # fmt: skip
        if citation.get("printed"):
            words.append(f"“{citation['printed']}”")
        if "stated" in citation:
            words.append(
                _("该来源作 %(value)s") % {"value": spoken.fact(self.kind, citation["path"], citation["stated"])}
            )
        if citation.get("rank", "normal") != "normal":
            words.append(spoken.code(Rank(citation["rank"])))
        if citation.get("reason"):
            words.append(citation["reason"])
        return " · ".join(words)

    def citation_changes(self) -> list[CitationChange]:
        """Citations and rulings that only one side has."""
        found = []
        for name, say in (("citations", self.citation), ("rulings", _ruling)):
            old, new = (Counter(canonical.dumps(item) for item in side.get(name, [])) for side in (self.old, self.new))
            for change, texts in ((REMOVED, old - new), (ADDED, new - old)):
                for text in texts.elements():
                    item = canonical.loads(text)
                    about = spoken.field_label(self.kind, item["path"]) or _("整个条目")
                    found.append(CitationChange(change, about, say(item)))
        return found


def _ruling(ruling: Json) -> str:
    words = {"rule": _("裁定"), "declare": _("认定冲突"), "dismiss": _("不算冲突")}
    word = words.get(str(ruling["action"]), str(ruling["action"]))
    return spoken.pair(word, ruling["reason"])


def _label(member: Field) -> str:
    return spoken.said(member.zh, member.en)


def _bracketed(text: str) -> str:
    return spoken.said(f"（{text}）", f" ({text})")
