"""Values as the page writes them: links, dates with their exact form on hover, numbers with a lighter unit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tracker.entries import kinds
from tracker.entries.fields import Code, Date, Field, Flag, Json, Number, Ref, Refs, Text, Texts

from . import numbers
from .language import Spoken, english, label, name_of, pick, said

NOTHING = SafeString("")


def address(kind: str, key: str | None) -> str:
    """The page of an entry; '' for what has none."""
    if not key or not kinds.known(kind):
        return ""
    try:
        return reverse("entry", args=[kinds.get(kind).plural, key])
    except NoReverseMatch:
        return ""


def spoken(words: Spoken) -> SafeString:
    """A text, marked with its language where that is not the page's."""
    if words.lang:
        return format_html('<span lang="{}">{}</span>', words.lang, words.text)
    return format_html("{}", words.text)


def linked(reference: Json | None) -> SafeString:
    """A reference as a link; one that leads nowhere yet as a quoted title; nothing for an empty one."""
    if not reference or not (reference.get("name") or reference.get("title") or reference.get("key")):
        return NOTHING
    name = name_of(reference)
    href = address(reference.get("kind", ""), reference.get("key"))
    if not href:
        return format_html('<span class="unlinked" title="{}">{}</span>', _("尚未收录"), spoken(name))
    return format_html('<a href="{}"{}>{}</a>', href, _lang(name), name.text)


def _lang(name: Spoken) -> SafeString:
    return format_html(' lang="{}"', name.lang) if name.lang else NOTHING


def joined(pieces: Iterable[SafeString], between: str = "") -> SafeString:
    """Pieces with 、 or a comma between them, or with the words given."""
    return format_html_join(between or pick("、", ", "), "{}", ((piece,) for piece in pieces if piece))


def dated(text: str | None) -> SafeString:
    """``2017-12~`` as 2017年12月前后, the exact text on hover; '' when unknown."""
    if not text:
        return NOTHING
    return format_html('<time class="date" title="EDTF {}">{}</time>', text, said(text))


def written(amount: numbers.Amount, printed: str | None = None) -> SafeString:
    """A quantity with its unit in a lighter tone; the words of the source on hover."""
    hover = format_html(' title="{}"', _("原文：%(printed)s") % {"printed": printed}) if printed else NOTHING
    unit = format_html('<span class="unit">{}</span>', amount.unit) if amount.unit else NOTHING
    gap = " " if amount.unit and amount.unit[:1].isascii() and amount.unit != "%" else ""
    return format_html('<span class="quantity"{}><span class="qualifier">{}</span>{}{}{}</span>', hover,
                       amount.qualifier, amount.number, gap, unit)  # fmt: skip


def quantity(value: Json | None, unit: str = "") -> SafeString:
    """A quantity or an area, the area in the unit chosen; nothing when there is no value."""
    if not value or value.get("value") is None:
        return NOTHING
    if unit and "value_m2" in value:
        return written(numbers.area(value, unit, english=english()), value.get("printed"))
    return written(numbers.amount(value, english=english()), value.get("printed"))


def code(member: Code, value: str) -> SafeString:
    """The label of a code in the page's language."""
    choice: Any = next((choice for choice in member.choices if choice.value == value), None)
    return format_html("{}", label(choice) if hasattr(choice, "zh") else value)


def web_link(text: str) -> SafeString:
    if text.startswith(("https://", "http://")):
        return format_html('<a class="outward" rel="noopener external" href="{}">{}</a>', text, text)
    return format_html("{}", text)


def texts(items: Iterable[str]) -> SafeString:
    entries = format_html_join("", "<li>{}</li>", ((item,) for item in items))
    return format_html('<ul class="plain">{}</ul>', entries)


def value(member: Field, stated: Any) -> SafeString:
    """Any value of a field that is not a list of children."""
    if stated is None or stated == "" or stated == []:
        return NOTHING
    match member:
        case Date():
            return dated(str(stated))
        case Refs():
            return joined(linked(item) for item in stated if isinstance(item, dict))
        case Ref():
            return linked(stated) if isinstance(stated, dict) else format_html("{}", stated)
        case Code():
            return code(member, stated)
        case Number():
            return format_html('<span class="quantity">{}</span>', numbers.grouped(stated))
        case Flag():
            return format_html("{}", _("是") if stated else _("否"))
        case Texts():
            return texts(stated) if len(stated) > 1 else format_html("{}", stated[0])
        case Text():
            return _text(member, str(stated))
    return format_html("{}", stated)


def _text(member: Text, text: str) -> SafeString:
    if member.name == "batch":
        return format_html("{}", batch(text))
    if member.name == "sha256":
        return format_html('<code class="hash">{}</code>', text)
    if member.words and text in member.words.values:
        return format_html("{}", label(member.words(text)))
    return web_link(text)


def batch(key: str) -> str:
    """``batch-2`` as 第2批; another key as it is."""
    word, _dash, number = key.partition("-")
    if word == "batch" and number.isdigit():
        return pick(f"第{number}批", f"batch {number}")
    return key


def unknown() -> SafeString:
    """A dash with a word: unknown is never taken for no."""
    return format_html('<span class="unknown"><span aria-hidden="true">—</span> {}</span>', _("未知"))


def safe(html: str) -> SafeString:
    """Joins of what this module made; never text from outside."""
    return mark_safe(html)
