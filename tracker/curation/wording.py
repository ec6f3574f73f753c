"""Paths and problems in words an editor reads: ``/areas/site-2019/value`` is 面积 › site-2019 › 数值."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker.entries.fields import Children, Field, Group, Json
from tracker.entries.kinds import Kind

_OTHERS = {
    "citations": "来源引证", "rulings": "冲突裁定", "key": "键", "kind": "种类", "source": "来源", "path": "事实",
    "locator": "出处", "printed": "原文", "stated": "该来源的说法", "rank": "地位", "reason": "理由",
}  # fmt: skip

_SENTENCES = (
    (r"no citation covers this fact", "这一事实没有来源；请在下面加一条引证"),
    (r"is missing", "必填"),
    (r"has blanks at its beginning or end", "首尾有空格"),
    (r"two children have this key", "两行用了同一个键"),
    (r"there is no (\w+) '(.+)'", r"没有 \1“\2”"),
    (r"there is no source '(.+)'", r"没有来源“\1”"),
    (r"'(.+)' is not a term of (\S+)", r"“\1”不是词表 \2 中的词"),
    (r"the payload has nothing at (.+)", r"条目中没有 \1 这一事实"),
    (r"unknown member '(.+?)'(.*)", r"不认识“\1”\2"),
    (r"'?(.+?)'? is none of (.+)", r"“\1”不在可选之列：\2"),
    (r"“(.*)” ends before it begins", r"“\1”终早于始"),
    (r"has more than 6 decimals or is too large", "小数超过6位，或数过大"),
    (r"'(.+)' is too long", "太长"),
    (r"(.+) is less than the minimum of (.+)", r"\1 小于下限 \2"),
    (r"(.+) is greater than the maximum of (.+)", r"\1 大于上限 \2"),
    (r".* does not match '\^.*", "须写键：小写字母、数字和单个连字符"),
    (r"a key is lower-case ASCII letters.*", "键由小写字母、数字和单个连字符组成"),
    (r".* is not of type '(\w+)'", r"应为 \1"),
)


_HELP = {
    "only where it is known; else the pinyin; never invented": "已知的才填；否则用拼音；不得自造",
    "an interval such as 2018/2020": "一段时期，如 2018/2020 或 十四五",
    "floor, land or site": "floor 建筑、land 用地或 site 园区",
    "key of the part it stands in": "它所在的那一部分的键",
    "key of the programme's batch": "该计划的批次的键",
    "the places a region consists of": "区域由哪些地区组成",
}


def help_text(text: str) -> str:
    """A field's help in Chinese, with the English beside it."""
    return f"{_HELP[text]} {text}" if text in _HELP else text


def in_chinese(message: str) -> str:
    """A problem in Chinese; one that is not known stays as it is."""
    for pattern, chinese in _SENTENCES:
        if match := re.fullmatch(pattern, message, flags=re.DOTALL):
            return match.expand(chinese)
    return message


def label(kind: Kind, path: str) -> str:
    """What a path means; '' for the whole entry."""
    words: list[str] = []
    listed = False
    fields: tuple[Field, ...] = kind.all_fields
    for part in filter(None, path.split("/")[1:]):
        member = next((each for each in fields if each.name == part), None)
        if member is None:
            words.append(f"第{int(part) + 1}项" if listed and part.isdigit() else _OTHERS.get(part, part))
            continue
        listed = member.many and not isinstance(member, Children)
        words.append(member.zh)
        if isinstance(member, Group | Children):
            fields = member.fields
    return " › ".join(words)


def paths_in(kind: Kind, payload: Json) -> Iterator[str]:
    """Every path of a payload a citation may name: whole members, children, and what is inside."""
    for member in kind.all_fields:
        value = payload.get(member.name)
        if value is None:
            continue
        yield f"/{member.name}"
        if isinstance(member, Group):
            yield from (f"/{member.name}/{name}" for name in value)
        elif isinstance(member, Children):
            for child in value:
                yield f"/{member.name}/{child['key']}"
                yield from (f"/{member.name}/{child['key']}/{name}" for name in child if name != "key")
