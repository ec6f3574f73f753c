"""Dates as people write them, turned into EDTF: 2017年底 → ``2017-12~``, 十四五 → ``2021/2025``.

Pure. Full-width digits are understood as well. What is not understood is refused, never guessed: 上半年 without
a year says nothing.
"""

from __future__ import annotations

import re
import unicodedata

from . import edtf

_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九", start=1)}
_PLAN = re.compile(r"^“?(?P<ten>十)(?P<one>[一二三四五六七八九]?)五”?(?:规划|时期|期间)?$")
_SPANS = {
    "上半年": 40, "下半年": 41, "春季": 21, "春": 21, "夏季": 22, "夏": 22, "秋季": 23, "秋": 23, "冬季": 24, "冬": 24,
    "一季度": 33, "二季度": 34, "三季度": 35, "四季度": 36, "1季度": 33, "2季度": 34, "3季度": 35, "4季度": 36,
    "q1": 33, "q2": 34, "q3": 35, "q4": 36, "h1": 40, "h2": 41,
}  # fmt: skip
_YEAR_EDGES = {"底": 12, "末": 12, "年末": 12, "初": 1}
_NEAR = ("前后", "左右", "许")
_DAY = re.compile(r"^(?P<year>\d{4})(?:年|[.\-/ ])(?P<month>\d{1,2})(?:(?:月|[.\-/ ])(?P<day>\d{1,2})?日?)?月?$")
_BETWEEN = re.compile(r"\s*(?:至|到|—|–|~(?=\d)|－|——)\s*")
_YEARS = re.compile(r"^(\d{4})年?\s*-\s*(\d{4})年?$")


def understood(text: str) -> str:
    """The EDTF text of a date as written.

    :raises InvalidEdtf: when it is not understood, saying what is.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower().replace("％", "%")
    if not plain:
        return ""
    said = _plan(plain) or _interval(plain) or _point(plain)
    return edtf.parse(said or plain).text


def _plan(text: str) -> str:
    """五年规划: the tenth (十五) began in 2001, the fourteenth (十四五) in 2021."""
    match = _PLAN.match(text)
    if not match:
        return ""
    number = 10 + _DIGITS.get(match["one"], 0)
    start = 2001 + 5 * (number - 10)
    return f"{start}/{start + 4}"


def _interval(text: str) -> str:
    if years := _YEARS.match(text):
        return f"{years[1]}/{years[2]}"
    sides = _BETWEEN.split(text)
    if len(sides) != 2 or not all(sides):
        if text.endswith(("起", "以来")):
            return f"{understood(text.removesuffix('起').removesuffix('以来'))}/.."
        return ""
    start, end = sides
    year = re.match(r"\d{4}", start)
    if year and not re.match(r"\d{4}", end):
        end = f"{year[0]}年{end}"  # 2018年3月至9月
    return f"{understood(start)}/{understood(end)}"


def _point(text: str) -> str:
    near = text.startswith("约") or text.endswith(_NEAR)
    text = text.removeprefix("约")
    for word in _NEAR:
        text = text.removesuffix(word)
    said = _bare(text)
    return f"{said}~" if said and near and not said.endswith("~") else said


def _bare(text: str) -> str:
    if re.match(r"^\d{4}$", text):
        return text
    if match := re.match(r"^(\d{4})年$", text):
        return match[1]
    if match := re.match(r"^(\d{4})(?:年|\s+)?第?(.+)$", text):
        if match[2] in _SPANS:
            return f"{match[1]}-{_SPANS[match[2]]}"
        if match[2] in _YEAR_EDGES:
            return f"{match[1]}-{_YEAR_EDGES[match[2]]:02d}~"
    if match := _DAY.match(text):
        day = f"-{int(match['day']):02d}" if match["day"] else ""
        return f"{match['year']}-{int(match['month']):02d}{day}"
    return ""
