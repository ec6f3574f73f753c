"""The form over one payload: its parts in the order of the kind's fields, and the way back to a payload."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy

from tracker.curation import spoken, wording
from tracker.curation.validation import Problem
from tracker.entries import kinds
from tracker.entries.fields import KEY_MAX, Children, Group, Json
from tracker.entries.kinds import Kind
from tracker.values.codes import Nature

from . import keys
from .beside import Beside, Placing
from .lists import Data, Rows, rows
from .references import Book
from .rows import SEPARATOR, ChildForm, CitationForm, MembersForm, RulingForm

_NATURES = (Nature.CORRECTION, Nature.WORLD, Nature.EVIDENCE)


class AboutForm(forms.Form):
    """What the proposal says of itself."""

    key = forms.CharField(label="键", required=False, max_length=KEY_MAX,
                          help_text=gettext_lazy("留空则由英文名称或拼音自动取；定后不改"))  # fmt: skip
    nature = forms.ChoiceField(label="性质", choices=list)
    reason = forms.CharField(label="理由", required=False, max_length=240,
                             help_text=gettext_lazy("为何改、据何而改；审稿人和后来者都会看到"))  # fmt: skip


@dataclass
class Part:
    """A piece of the form as the template draws it: single inputs, a group of them, or a list of rows."""

    zh: str
    en: str
    name: str
    inputs: list[BoundField] = field(default_factory=list)
    rows: Rows | None = None
    shown: list[Any] = field(default_factory=list)
    """The rows that are drawn in the list itself; citations are drawn beside what they prove."""
    beside: Beside | None = None

    @property
    def said(self) -> str:
        return spoken.said(self.zh, self.en)


class EntryForm:
    """Shows a payload, takes what was typed, and gives back a payload.

    :param payload: what is edited; it must be drawable (``validation.is_drawable``).
    :param data: what was posted; None shows the payload.
    :param new: whether the entry is not here yet, so that its key is still open.
    """

    def __init__(self, payload: Json, data: Data | None = None, *, new: bool = False, nature: str = "",
                 reason: str = "") -> None:  # fmt: skip
        self.kind: Kind = kinds.get(payload["kind"])
        self.before, self.new = payload, new
        self.book = Book(self.kind, payload)
        self.general: list[str] = []
        shown = {"key": payload.get("key", ""), "nature": nature or Nature.CORRECTION, "reason": reason}
        self.about = AboutForm(data, initial=shown)
        self.about.fields["nature"].choices = [(one.value, spoken.told(one.label)) for one in _NATURES]  # type: ignore[attr-defined]
        if new:
            del self.about.fields["nature"]
        else:
            del self.about.fields["key"]
        self.facts = MembersForm(data, members=self.kind.all_fields, book=self.book, value=payload)
        for name, one in self.facts.fields.items():
            one.path = "/" + name.replace(SEPARATOR, "/")  # type: ignore[attr-defined]  # for who says it is judged
        self.lists = {member.name: self._children(member, data) for member in self.kind.children()}
        self.citations = rows("citations", CitationForm, payload.get("citations", []), zh="来源引证", en="Citations",
                              most=2000, data=data, kind=self.kind, book=self.book)  # fmt: skip
        self.rulings = rows("rulings", RulingForm, payload.get("rulings", []), zh="冲突裁定", en="Rulings", most=200,
                            data=data, book=self.book)  # fmt: skip

    def _children(self, member: Children, data: Data | None) -> Rows:
        return rows(member.name, ChildForm, self.before.get(member.name, []), zh=member.zh, en=member.en,
                    most=member.most, data=data, members=member.fields, book=self.book)  # fmt: skip

    @property
    def _every_list(self) -> list[Rows]:
        return [*self.lists.values(), self.citations, self.rulings]

    def is_valid(self) -> bool:
        """Whether every input could be understood; whether the facts are right is for ``check`` to say."""
        parts = [self.about.is_valid(), self.facts.is_valid(), *(listed.is_valid() for listed in self._every_list)]
        return all(parts)

    # --- back to a payload

    def payload(self) -> Json:
        """The payload as typed; only after ``is_valid``."""
        typed: Json = {"kind": self.kind.name, "key": ""} | self.facts.facts()
        typed["key"] = (self.about.cleaned_data.get("key") if self.new else self.before["key"]) or keys.of_entry(typed)
        taken = self._taken(typed["key"])
        for name, listed in self.lists.items():
            if children := [_keyed(form.facts(), taken.setdefault(name, set())) for form in listed.kept()]:
                typed[name] = children
        for name, listed in (("citations", self.citations), ("rulings", self.rulings)):
            if items := [form.facts() for form in listed.kept()]:
                typed[name] = items
        return typed

    def _taken(self, key: str) -> dict[str, set[str]]:
        taken = keys.ever_used(self.kind.name, key)
        for name, listed in self.lists.items():
            typed = {str(form.cleaned_data["key"]) for form in listed.kept() if form.cleaned_data.get("key")}
            taken[name] = taken.get(name, set()) | typed
        return taken

    # --- problems beside their inputs

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Put each problem at its input; what has none is said above the form."""
        for problem in problems:
            message = spoken.problem(problem.message)
            if not self._show(problem.path.split("/")[1:], message):
                self.general.append(spoken.pair(spoken.field_label(self.kind, problem.path), message))

    def _show(self, parts: list[str], message: str) -> bool:
        head, rest = (parts[0], parts[1:]) if parts else ("", [])
        listed = {one.name: one for one in self._every_list}.get(head)
        if listed is not None:
            return _show_in_rows(listed, rest, message)
        for name in (f"{head}{SEPARATOR}{rest[0]}" if rest else head, head):
            if name in self.facts.fields:
                self.facts.add_error(name, message)
                return True
        if head == "key" and self.new:
            self.about.add_error("key", message)
            return True
        return False

    # --- for the template

    def _place(self) -> Placing:
        """Put the citations beside what they prove."""
        placing = Placing(self.citations)
        placing.inputs(self.facts)
        for listed in self.lists.values():
            placing.children(listed)
        return placing

    def parts(self) -> Iterator[Part]:
        """The kind's fields in their order, neighbouring single inputs together; citations beside them."""
        placing = self._place()
        single = Part("基本事实", "Facts", "facts")
        for member in self.kind.all_fields:
            if isinstance(member, Group | Children):
                if single.inputs:
                    yield single
                    single = Part("", "", "")
                yield self._part(member, placing)
            else:
                single.inputs.append(self.facts[member.name])
        if single.inputs:
            yield single

    def _part(self, member: Group | Children, placing: Placing) -> Part:
        beside = placing.at(f"/{member.name}")
        if isinstance(member, Children):
            listed = self.lists[member.name]
            return Part(member.zh, member.en, member.name, rows=listed, shown=listed.forms, beside=beside)
        names = [f"{member.name}{SEPARATOR}{inner.name}" for inner in member.fields]
        return Part(member.zh, member.en, member.name, [self.facts[name] for name in names], beside=beside)

    def evidence(self) -> list[Part]:
        """The citations that stand beside no fact, such as those of the whole entry; and the rulings."""
        placing = self._place()
        for member in self.kind.all_fields:
            placing.at(f"/{member.name}")
        left = placing.left(self.citations)
        return [Part(self.citations.zh, self.citations.en, self.citations.name, rows=self.citations, shown=left),
                Part(self.rulings.zh, self.rulings.en, self.rulings.name, rows=self.rulings,
                     shown=self.rulings.forms)]  # fmt: skip

    def paths(self) -> list[tuple[str, str]]:
        """Every path a citation may name, with its label."""
        return [(path, spoken.field_label(self.kind, path)) for path in wording.paths_in(self.kind, self.before)]

    def error_count(self) -> int:
        forms_ = [self.about, self.facts, *(form for listed in self._every_list for form in listed.forms)]
        found = sum(len(errors) for form in forms_ if form.is_bound for errors in form.errors.values())
        return found + len(self.general) + sum(len(listed.list_errors) for listed in self._every_list)


def _keyed(child: Json, taken: set[str]) -> Json:
    if "key" not in child:
        child = {"key": keys.of_child(child, taken), **child}
        taken.add(child["key"])
    return child


def _show_in_rows(listed: Rows, rest: list[str], message: str) -> bool:
    form = _row_of(listed, rest[0]) if rest else None
    if form is None:
        listed.list_errors.append(message)
        return True
    inner: Any = rest[2] if len(rest) > 2 and rest[1] == "locator" else rest[1] if len(rest) > 1 else None
    form.add_error(inner if inner in form.fields else None, message)
    return True


def _row_of(listed: Rows, part: str) -> MembersForm | None:
    """The row of a child's key, or of a position in the payload."""
    kept = listed.kept()
    for form in kept:
        if form.cleaned_data.get("key") == part:
            return form
    return kept[int(part)] if part.isdigit() and int(part) < len(kept) else None
