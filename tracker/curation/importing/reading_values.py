"""What a cell means by the field it stands in: pure.

A text becomes what the payload holds. Where it was written otherwise (2017年底, 1,200, 是, 规划), what was understood
is noted, so that people see it before anything is proposed. References by name are ``references``' to resolve.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import singledispatch
from typing import Any

from tracker.entries.fields import Code, Date, Field, Flag, Number, Ref, Refs, Texts
from tracker.values import edtf
from tracker.values.codes import BilingualChoices
from tracker.values.spoken_dates import understood

from .columns import TITLE, Loose, loosely, unjson

MOST_DIGITS = 40
_ITEMS = re.compile(r"[|\n]")
_REFERENCES = re.compile(r"[|\n;；、]")
_TITLES = (TITLE, "标题:", "标题：")
_TRUE = frozenset({"true", "yes", "y", "1", "是", "对", "有"})
_FALSE = frozenset({"false", "no", "n", "0", "否", "不", "无"})
_SHORTENED_MONTH = re.compile(r"^\d{4}\.1$")


class Misread(ValueError):
    """A cell cannot be understood; the message says why, in Chinese and English."""


class NumberCell(str):
    """The text of a cell that a spreadsheet holds as a number."""

    __slots__ = ()


Resolve = Callable[[Ref, str], Any]
"""From a reference as written to what the payload holds; raises ``Misread``."""


@singledispatch
def read(member: Field, text: str, resolve: Resolve) -> Any:
    """The payload value of a cell that is not empty.

    :raises Misread: it cannot be understood.
    """
    return text


@read.register
def _date(member: Date, text: str, resolve: Resolve) -> Any:
    if isinstance(text, NumberCell) and _SHORTENED_MONTH.match(text):
        year = text[:4]
        raise Misread(f"表格软件把 {year}.10 也存成 {text}，分不清 1 月与 10 月；请写 {year}-01 或 {year}-10 "
                      "a spreadsheet keeps October as this too: write the month with two digits")  # fmt: skip
    try:
        return understood(text)
    except edtf.InvalidEdtf as error:
        raise Misread(f"看不懂这个日期，请写 2017、2017-09、2019-10-17、2017年底 或 十四五 {error}") from error


@read.register
def _number(member: Number, text: str, resolve: Resolve) -> Any:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    try:
        number = Decimal(plain)
    except InvalidOperation as error:
        raise Misread("应为数，单位与“约”“近”等另有列 a number is expected; unit and qualifier have "
                      "columns of their own") from error  # fmt: skip
    if not number.is_finite() or (number and abs(number.adjusted()) >= MOST_DIGITS):
        raise Misread("数过大或过小 the number is too large or too small")
    return int(number) if number == number.to_integral_value() else number


@read.register
def _flag(member: Flag, text: str, resolve: Resolve) -> Any:
    folded = text.casefold()
    if folded in _TRUE or folded in _FALSE:
        return folded in _TRUE
    raise Misread("请写 是 或 否 write true or false")


@read.register
def _code(member: Code, text: str, resolve: Resolve) -> Any:
    for value, label in member.choices.choices:
        if text.casefold() in (value.casefold(), str(label).casefold(), *_halves(member, value)):
            return value
    return text  # the schema says what may stand here


def _halves(member: Code, value: str) -> tuple[str, ...]:
    code = member.choices(value)
    return (code.zh.casefold(), code.en.casefold()) if isinstance(code, BilingualChoices) else ()


@read.register
def _texts(member: Texts, text: str, resolve: Resolve) -> Any:
    if text.startswith("[") and isinstance(listed := unjson(text), list):
        return listed
    return list(dict.fromkeys(part.strip() for part in _ITEMS.split(text) if part.strip()))


@read.register
def _loose(member: Loose, text: str, resolve: Resolve) -> Any:
    return loosely(text)


@read.register
def _ref(member: Ref, text: str, resolve: Resolve) -> Any:
    for mark in _TITLES if member.or_title else ():
        if text.startswith(mark):
            return {"title": text.removeprefix(mark).strip()}
    return resolve(member, text)


@read.register
def _refs(member: Refs, text: str, resolve: Resolve) -> Any:
    if text.startswith("[") and isinstance(listed := unjson(text), list):
        return listed
    parts = (part.strip() for part in _REFERENCES.split(text))
    found = [_ref(member, part, resolve) for part in parts if part]
    return [item for place, item in enumerate(found) if item not in found[:place]]


def references_in(member: Ref, text: str) -> list[str]:
    """The references that a cell names, as written, titles left out: for looking them up beforehand."""
    if isinstance(member, Refs):
        parts = [] if text.startswith("[") else [part.strip() for part in _REFERENCES.split(text)]
    else:
        parts = [text]
    return [part for part in parts if part and not part.startswith(_TITLES)]
