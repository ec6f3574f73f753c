"""What an address may ask of a page. A wrong value is named and explained (400); an unknown name is left alone."""

from __future__ import annotations

import datetime as calendar
from collections.abc import Iterable

from django.http import QueryDict
from django.utils.translation import gettext as _

from tracker.entries import kinds
from tracker.entries.models import Entry
from tracker.values import edtf
from tracker.values.errors import Invalid

MAX_QUERY = 100


def wrong(name: str, value: str, hint: str) -> Invalid:
    """A parameter with a value that cannot be meant."""
    message = _("参数 %(name)s 的值“%(value)s”不能用。") % {"name": name, "value": value[:80]}
    return Invalid(f"{message}{hint}", [(name, hint)])


def words(parameters: QueryDict) -> str:
    """The search words ``q``."""
    text = parameters.get("q", "").strip()
    if len(text) > MAX_QUERY:
        raise wrong("q", text, _("请少于 100 个字。"))
    if "\0" in text:
        raise wrong("q", text.replace("\0", ""), _("请去掉不可见字符。"))
    return text


def one_of(parameters: QueryDict, name: str, allowed: Iterable[str]) -> str:
    """One value of a fixed set, or ''."""
    value = parameters.get(name, "")
    choices = list(allowed)
    if value and value not in choices:
        raise wrong(name, value, _("可用的值：%(values)s。") % {"values": _("、").join(choices[:30])})
    return value


def many_of(parameters: QueryDict, name: str, allowed: Iterable[str]) -> list[str]:
    """Every value given for a name; repeating it means “or”."""
    given = [value for value in dict.fromkeys(parameters.getlist(name)) if value]
    choices = list(allowed)
    for value in given:
        if value not in choices:
            raise wrong(name, value, _("可用的值：%(values)s。") % {"values": _("、").join(choices[:30])})
    return given


def date(parameters: QueryDict, name: str) -> edtf.Edtf | None:
    """An EDTF date, or None when it is not asked for."""
    text = parameters.get(name, "").strip()
    if not text:
        return None
    try:
        return edtf.parse(text)
    except edtf.InvalidEdtf as error:
        raise wrong(name, text, _("请写成 2017、2017-09 或 2019-10-17。")) from error


def day(parameters: QueryDict, name: str) -> calendar.date | None:
    """One calendar day, or None when it is not asked for."""
    value = date(parameters, name)
    if value is not None and (value.lower is None or value.lower != value.upper):
        raise wrong(name, value.text, _("请写成一天，例如 2019-10-17。"))
    return value.lower if value else None


def entries(parameters: QueryDict, name: str, kind: str) -> dict[str, Entry]:
    """The live entries of one kind that a parameter names, by key, in one query.

    :raises Invalid: naming the first key that leads nowhere.
    """
    keys = [key for key in dict.fromkeys(parameters.getlist(name)) if key]
    if not keys:
        return {}
    rows = Entry.objects.live().of_kind(kind).filter(key__in=keys[:20])
    found = {row.key: row for row in rows.only("pk", "kind", "key", "name", "name_en")}
    for key in keys:
        if key not in found:
            raise wrong(name, key, _unknown_hint(kind))
    return {key: found[key] for key in keys}


def _unknown_hint(kind: str) -> str:
    if kind == "place":
        return _("没有这个地区；请用六位行政区划代码（如 320100）或区域的键。")
    return _("没有这一项。")


def referred(parameters: QueryDict) -> Entry | None:
    """The entry named by ``refers=kind/key``: what is shown are the entries that refer to it."""
    text = parameters.get("refers", "")
    if not text:
        return None
    kind, slash, key = text.partition("/")
    entry = Entry.objects.live().filter(kind=kind, key=key).only("pk", "kind", "key", "name", "name_en").first()
    if not slash or not kinds.known(kind) or entry is None:
        raise wrong("refers", text, _("请写成 种类/键，例如 organisation/baidu。"))
    return entry


def changed(parameters: QueryDict, **values: str | None) -> str:
    """The query text with some parameters set or, with None, removed; always back on the first page."""
    copy = parameters.copy()
    copy.pop("cursor", None)
    for name, value in values.items():
        key = name.rstrip("_")
        copy.pop(key, None)
        if value:
            copy[key] = value
    return f"?{copy.urlencode()}"


def without(parameters: QueryDict, names: Iterable[str]) -> str:
    """The query text without some parameters; '' where none is left."""
    copy = parameters.copy()
    for name in names:
        copy.pop(name, None)
    return f"?{copy.urlencode()}" if copy else ""


def toggled(parameters: QueryDict, name: str, value: str) -> str:
    """The query text with one value of a repeatable parameter added, or taken away where it stands."""
    copy = parameters.copy()
    copy.pop("cursor", None)
    values = [given for given in copy.getlist(name) if given]
    copy.setlist(name, [given for given in values if given != value] if value in values else [*values, value])
    return f"?{copy.urlencode()}"
