"""The reader's language in the editors' rooms: Chinese, or English where somebody prefers it."""

from __future__ import annotations

from django.utils.translation import get_language

from tracker.entries.fields import Children, Field, Group
from tracker.entries.kinds import Kind
from tracker.values.codes import BilingualChoices

from . import wording


def english() -> bool:
    return (get_language() or "").startswith("en")


def said(zh: str, en: str) -> str:
    """The English where it is asked for and known."""
    return en if en and english() else zh


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
