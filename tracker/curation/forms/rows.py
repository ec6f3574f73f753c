"""The forms that a payload's form consists of: one for its own members, one per child, citation and ruling."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext

from tracker.curation import spoken
from tracker.entries.fields import KEY_MAX, Children, Field, Group, Json, Ref
from tracker.entries.kinds import Kind
from tracker.values import canonical
from tracker.values.codes import Rank

from .inputs import CodeInput, DateInput, Kept, RefInput, TextInput, input_for, told
from .references import Book

SEPARATOR = "__"
"""Between a group and its member in the name of an input."""
LOCATORS = (("section", "章节", "Section"), ("table", "表", "Table"), ("row", "行", "Row"),
            ("column", "列", "Column"), ("span", "处", "Span"))  # fmt: skip


class MembersForm(forms.Form):
    """The members of an object, and the members of its groups."""

    def __init__(self, *args: Any, members: Sequence[Field], book: Book, value: Json | None = None,
                 **options: Any) -> None:  # fmt: skip
        self.value = value or {}
        self.members = members
        super().__init__(*args, **{**options, "initial": _initial(members, self.value)})
        for name, member in _flat(members):
            self.add(name, input_for(member, book))

    def add(self, name: str, made: Kept) -> None:
        made.keep(self.initial.get(name))
        self.fields[name] = made

    def facts(self) -> Json:
        """What is known; empty inputs are left out."""
        found: Json = {}
        for name, value in self.cleaned_data.items():
            if value is None or value in ("", []) or name in ("DELETE", "ORDER"):
                continue
            group, _, inner = name.partition(SEPARATOR)
            if inner:
                found.setdefault(group, {})[inner] = value
            else:
                found[group] = value
        return found


def _flat(members: Iterable[Field]) -> Iterator[tuple[str, Field]]:
    for member in members:
        if isinstance(member, Group):
            yield from ((f"{member.name}{SEPARATOR}{inner.name}", inner) for inner in member.fields)
        elif not isinstance(member, Children):
            yield member.name, member


def _initial(members: Iterable[Field], value: Json) -> Json:
    found: Json = {}
    for name, _ in _flat(members):
        group, _, inner = name.partition(SEPARATOR)
        found[name] = (value.get(group) or {}).get(inner) if inner else value.get(group)
    return found


class ChildForm(MembersForm):
    """One child: its key, which may be left empty for a new one, and its members."""

    def __init__(self, *args: Any, members: Sequence[Field], book: Book, value: Json | None = None,
                 **options: Any) -> None:  # fmt: skip
        super().__init__(*args, members=members, book=book, value=value, **options)
        key = TextInput(max_length=KEY_MAX, required=False, label="键")
        key.en, key.help_text = "Key", gettext("留空则自动取；定后不改")
        self.initial["key"] = self.value.get("key")
        self.add("key", key)
        self.order_fields(["key"])


class CitationForm(MembersForm):
    """One citation: which fact, which source, where in it, and what is printed there."""

    def __init__(self, *args: Any, kind: Kind, book: Book, value: Json | None = None, **options: Any) -> None:
        super().__init__(*args, members=(), book=book, value=value, **options)
        self.kind = kind
        self.initial.update({name: self.value.get(name) for name in ("path", "source", "printed", "reason", "rank")})
        self.initial.update({name: (self.value.get("locator") or {}).get(name) for name, _, _ in LOCATORS})
        self.initial["stated"] = stated_text(kind, self.value)
        self._add_inputs(book)

    def _add_inputs(self, book: Book) -> None:
        source = RefInput(required=False)
        source.member, source.book = Ref(name="source", zh="来源", en="Source", kinds=("source",)), book
        source.widget.attrs |= {"data-suggest": "source", "autocomplete": "off",
                                "placeholder": spoken.told("名称或键 name or key")}  # fmt: skip
        self._put("path", "事实", "Fact", TextInput(required=False, max_length=200), "空：整个条目 empty: all of it")
        self.fields["path"].widget.attrs |= {"list": "paths", "autocomplete": "off"}
        self._put("source", "来源", "Source", source)
        for name, zh, en in LOCATORS:
            self._put(name, zh, en, TextInput(required=False, max_length=200))
        self._put("printed", "原文", "As printed", TextInput(required=False, max_length=40),
                  "至多40字 at most 40 characters")  # fmt: skip
        self._put("stated", "该来源的说法", "Stated there", TextInput(required=False),
                  "与事实不同时填 where it differs from the fact")  # fmt: skip
        self._put("rank", "地位", "Rank", CodeInput(required=False, choices=told([("", "一般 normal"), *Rank.choices])))
        self._put("reason", "判断理由", "Why", TextInput(required=False, max_length=300))

    def _put(self, name: str, zh: str, en: str, made: Kept, help_text: str = "") -> None:
        made.label, made.en, made.help_text = zh, en, spoken.told(help_text)
        self.add(name, made)

    def facts(self) -> Json:
        typed = super().facts()
        locator = {name: typed.pop(name) for name, _, _ in LOCATORS if name in typed}
        stated = typed.pop("stated", None)
        citation: Json = {"path": typed.pop("path", ""), **typed}
        if locator:
            citation["locator"] = locator
        if stated is not None:
            citation["stated"] = self._stated(citation["path"], str(stated))
        return citation

    def _stated(self, path: str, text: str) -> Any:
        if "stated" in self.value and text == stated_text(self.kind, self.value):
            return self.value["stated"]
        member = field_at(self.kind, path)
        if member is None or isinstance(member, Group | Children) or member.many:
            return _json_or_text(text)
        schema_type = member.schema().get("type")
        if schema_type == "string":
            return DateInput().to_python(text) if member.schema().get("format") == "edtf" else text
        return _json_or_text(text)


def stated_text(kind: Kind, citation: Json) -> str | None:
    """The stated value as it is typed: words as they are, anything else as JSON."""
    if "stated" not in citation:
        return None
    value = citation["stated"]
    if not isinstance(value, str):
        return canonical.dumps(value)
    member = field_at(kind, citation.get("path", ""))
    plain = member is not None and not member.many and member.schema().get("type") == "string"
    return value if plain or _json_or_text(value) == value else canonical.dumps(value)


def _json_or_text(text: str) -> Any:
    try:
        return canonical.loads(text)
    except ValueError:
        return text


def field_at(kind: Kind, path: str) -> Field | None:
    """The declared field at a path; None for the whole entry and for one child."""
    parts = path.split("/")[1:]
    member = next((each for each in kind.all_fields if parts and each.name == parts[0]), None)
    for_inner = 1 if isinstance(member, Group) else 2 if isinstance(member, Children) else 0
    if member is None or len(parts) <= 1 or not for_inner:
        return member if len(parts) <= 1 else None
    inner = parts[for_inner] if len(parts) > for_inner else None
    assert isinstance(member, Group | Children)
    return next((each for each in member.fields if each.name == inner), None)


class RulingForm(MembersForm):
    """An editor's word on a conflict."""

    def __init__(self, *args: Any, book: Book, value: Json | None = None, **options: Any) -> None:
        super().__init__(*args, members=(), book=book, value=value, **options)
        self.initial.update({name: self.value.get(name) for name in ("path", "action", "reason")})
        path, reason = TextInput(required=False, max_length=200), TextInput(required=False, max_length=500)
        actions = [("", "—"), ("rule", "裁定 rule"), ("declare", "认定冲突 declare"), ("dismiss", "不算冲突 dismiss")]
        action = CodeInput(required=False, choices=told(actions))
        path.widget.attrs |= {"list": "paths", "autocomplete": "off"}
        for name, made, zh, en in (("path", path, "事实", "Fact"), ("action", action, "裁定", "Ruling"),
                                   ("reason", reason, "理由", "Reason")):  # fmt: skip
            made.label, made.en = zh, en
            self.add(name, made)
