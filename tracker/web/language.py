"""Which language the page speaks, and how names and dates are said in it."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import get_language

from tracker.entries.fields import Json
from tracker.values import edtf


class Spoken(NamedTuple):
    """A text and its language where that is not the page's own (a Chinese name on an English page)."""

    text: str
    lang: str = ""


def english() -> bool:
    return (get_language() or "").startswith("en")


def pick(zh: str, en: str) -> str:
    """The word of the page's language."""
    return en if english() else zh


def label(named: Any) -> str:
    """The label of anything declared with ``zh`` and ``en``: a kind, a field, a code."""
    return pick(named.zh, named.en)


def many(kind: Any) -> str:
    """The name of a kind for several of it: 政策, Policies."""
    word: str = kind.en
    if word.endswith("y"):
        word = f"{word[:-1]}ies"
    elif not word.endswith("s"):
        word = f"{word}s"
    return pick(kind.zh, word)


def bracketed(text: str) -> str:
    """A text in the brackets of the page's language."""
    return pick(f"（{text}）", f" ({text})")


def name_of(reference: Json) -> Spoken:
    """The name of a reference or document; on an English page the Chinese one where no English is known."""
    chinese = reference.get("name") or reference.get("title") or reference.get("key") or ""
    known = reference.get("name_en") or reference.get("title_en")
    return spoken(chinese, known or "")


def spoken(chinese: str, known: str) -> Spoken:
    if not english():
        return Spoken(chinese)
    if known:
        return Spoken(known)
    return Spoken(chinese, "" if chinese.isascii() else "zh-Hans")


def said(date: str) -> str:
    """An EDTF date as people say it: 2017年9月, September 2017."""
    return edtf.in_english(date) if english() else edtf.in_chinese(date)


def listed(items: list[str]) -> str:
    return pick("、", ", ").join(items)
