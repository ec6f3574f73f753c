"""The reader's language in the editors' rooms: Chinese, or English where somebody prefers it."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tracker.entries.fields import Children, Code, Field, Group
from tracker.entries.kinds import Kind
from tracker.values import canonical, edtf
from tracker.values.codes import BilingualChoices

from . import wording


def english() -> bool:
    return (get_language() or "").startswith("en")


def said(zh: str, en: str) -> str:
    """The English where it is asked for and known."""
    return en if en and english() else zh


_CHINESE = r"(?:(?![a-z]+ [a-z]+)[\0-\uffff])*[^\0-\x7f]"
_BOTH = re.compile(rf"((?:[!-~]+/[!-~]+ (?:#\d+ )?)?)({_CHINESE})\s+([ -~]+)")
"""What it is about, the Chinese without two English words in a row, the English."""


def told(text: str) -> str:
    """A label or a sentence written ``中文 English``: the English where it is asked for; what is not, as it is."""
    both = _BOTH.fullmatch(text) if english() else None
    return f"{both[1]}{both[3]}" if both else text


def alone(text: str) -> str:
    """A sentence written ``中文 English`` in the reader's language only; what is not, as it is."""
    both = _BOTH.fullmatch(text)
    return f"{both[1]}{both[3] if english() else both[2]}" if both else text


def choice(value: str, label: str) -> str:
    """A choice of a field: by its English, or else by its value, which is an English word."""
    both = _BOTH.fullmatch(label)
    if not english():
        return both[2] if both else label
    return both[3] if both else value.replace("_", " ")


def problem(message: str) -> str:
    """What is wrong with a fact, as the checks say it."""
    return told(message) if english() else wording.in_chinese(message)


def pair(where: str, what: str) -> str:
    """``面积：必填``."""
    return said(f"{where}：{what}", f"{where}: {what}") if where else what


def date(text: str) -> str:
    return edtf.in_english(text) if english() else edtf.in_chinese(text)


def code(choice: BilingualChoices) -> str:
    return said(choice.zh, choice.en)


def kind_name(kind: Kind) -> str:
    return said(kind.zh, kind.en)


def field_label(kind: Kind, path: str) -> str:
    """What a path means: ``/areas/site-2019/value`` is 面积 › site-2019 › 数值; '' for the whole entry."""
    if not english():
        return wording.label(kind, path)
    words: list[str] = []
    fields: tuple[Field, ...] = kind.all_fields
    for part in filter(None, path.split("/")[1:]):
        member = next((each for each in fields if each.name == part), None)
        words.append(member.en if member else part)
        if isinstance(member, Group | Children):
            fields = member.fields
    return " › ".join(words)


def fact(kind: Kind, path: str, value: Any) -> str:
    """The value at a path, in a line: of a payload or of a document; a whole child by its members."""
    fields: tuple[Field, ...] = kind.all_fields
    for part in filter(None, path.split("/")[1:]):
        member = next((each for each in fields if each.name == part), None)
        if isinstance(member, Group | Children):
            fields = member.fields
        elif member is not None:
            fields = ()
    return _line(value, fields)


def _line(value: Any, fields: tuple[Field, ...]) -> str:
    match value:
        case None | "" | []:
            return "—"
        case str():
            return value
        case bool():
            return _("是") if value else _("否")
        case list():
            return said("、", ", ").join(_line(item, fields) for item in value)
        case {"name": str(name)} | {"title": str(name)} if not fields:  # what is referred to
            return said(name, value.get("name_en") or value.get("title_en") or "")
        case dict():
            named = {member.name: member for member in fields}
            known = ((named[name], found) for name, found in value.items() if name in named and found is not None)
            return " · ".join(f"{said(member.zh, member.en)} {_member(member, found)}" for member, found in known)
    return canonical.dumps(value)


def _member(member: Field, value: Any) -> str:
    if isinstance(member, Code):
        return choice(str(value), str(dict(member.choices.choices).get(value, value)))
    return _line(value, ())
