"""The filters in force, each with the address without it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from parks.models import Stage
from policies.models import AreaMeasure
from tracker.entries import kinds
from tracker.entries.models import Entry
from tracker.values.units import UNIT_LABELS
from tracker.web import parameters
from tracker.web.language import english, label, listed, said, spoken
from tracker.web.rows import status_label

from .asked import Asked
from .facets import fact_labels

NAMED = {
    "place": "place", "industry": "industry", "category": "term", "programme": "programme", "parent": "park",
    "measure_subject": "term", "layout_role": "term", "organisation": "organisation", "operator": "organisation",
    "tenant": "organisation", "siting": "indicator",
}  # fmt: skip
"""Filters by the keys of entries, with their kind."""


class Active(NamedTuple):
    label: str
    value: str
    href: str


def active(asked: Asked) -> list[Active]:
    """In the order of the facets; what belongs together is one filter. One query, for the names."""
    names = _names(asked)
    return [*_words(asked), *_by_names(asked, names), *_codes(asked), *_area(asked), *_near(asked, names),
            *_dates(asked), *_facts(asked), *_others(asked)]  # fmt: skip


def _names(asked: Asked) -> dict[tuple[str, str], str]:
    wanted = {(kind, key) for name, kind in NAMED.items() for key in asked.chosen(name)}
    wanted |= {("platform", key) for key in asked.chosen("near_platform")}
    wanted |= {(text.partition("/")[0], text.partition("/")[2]) for text in asked.chosen("refers")}
    if not wanted:
        return {}
    rows = Entry.objects.filter(kind__in={kind for kind, _key in wanted}, key__in={key for _kind, key in wanted})
    return {(kind, key): spoken(name, name_en).text
            for kind, key, name, name_en in rows.values_list("kind", "key", "name", "name_en")}  # fmt: skip


def _without(asked: Asked, *names: str) -> str:
    return parameters.changed(asked.query, **dict.fromkeys(names))


def _words(asked: Asked) -> Iterator[Active]:
    for name, words in (("q", _("检索")), ("positioning", _("定位含"))):
        if text := asked.values[name]:
            yield Active(words, text, _without(asked, name))


def _by_names(asked: Asked, names: dict[tuple[str, str], str]) -> Iterator[Active]:
    titles = {
        "place": _("地区"), "industry": _("产业"), "category": _("类别"), "programme": _("认定"),
        "parent": _("属于"), "measure_subject": _("适用措施"), "layout_role": _("布局角色"),
        "organisation": _("机构"), "operator": _("运营方"), "tenant": _("入驻机构"), "siting": _("选址指标"),
    }  # fmt: skip
    for name, kind in NAMED.items():
        for key in asked.chosen(name):
            yield Active(titles[name], names.get((kind, key), key), parameters.toggled(asked.query, name, key))
    for text in asked.chosen("refers"):
        kind, _slash, key = text.partition("/")
        yield Active(_("提到"), f"{label(kinds.get(kind))} {names.get((kind, key), key)}",
                     parameters.toggled(asked.query, "refers", text))  # fmt: skip


def _codes(asked: Asked) -> Iterator[Active]:
    for code in asked.chosen("stage"):
        yield Active(_("阶段"), label(Stage(code)), parameters.toggled(asked.query, "stage", code))
    for code in asked.chosen("status"):
        words = status_label(kinds.get("park"), code)
        yield Active(_("状态"), words, parameters.toggled(asked.query, "status", code))
    if least := asked.values["layout_roles_min"]:
        yield Active(_("布局角色数"), f"≥ {least}", _without(asked, "layout_roles_min"))


def answer_words() -> dict[str, str]:
    return {"yes": _("是"), "maybe": _("可能"), "no": _("否"), "unknown": _("未知")}


def _answers(asked: Asked, name: str) -> str:
    words = answer_words()
    return listed([words[answer] for answer in asked.chosen(name)])


def _area(asked: Asked) -> Iterator[Active]:
    least, most = asked.values["min_area"], asked.values["max_area"]
    if least is None and most is None and not asked.chosen("area"):
        return
    measures = listed([label(AreaMeasure(code)) for code in asked.chosen("measure")]) or _("面积")
    unit = UNIT_LABELS[asked.values["area_unit"] or "m2"][english()]
    bounds = [f"{sign} {value:f} {unit}" for sign, value in (("≥", least), ("≤", most)) if value is not None]
    answers = _answers(asked, "area")
    yield Active(measures, listed([*bounds, *([answers] if answers else [])]),
                 _without(asked, "min_area", "max_area", "measure", "area"))  # fmt: skip


def _near(asked: Asked, names: dict[tuple[str, str], str]) -> Iterator[Active]:
    centres = [names.get(("platform", key), key) for key in asked.chosen("near_platform")]
    if asked.values["near"]:
        centres.append(", ".join(f"{degrees:g}" for degrees in asked.values["near"]))
    if centres:
        radius = asked.values["radius_km"] or 10
        answers = _answers(asked, "distance") or listed([answer_words()["yes"], answer_words()["maybe"]])
        words = _("%(places)s 周边 %(radius)s km（%(answers)s）") % {
            "places": listed(centres), "radius": f"{radius:g}", "answers": answers}  # fmt: skip
        yield Active(_("距离"), words, _without(asked, "near_platform", "near", "radius_km", "distance"))
    if asked.values["bbox"]:
        yield Active(_("范围"), asked.query.get("bbox", ""), _without(asked, "bbox"))


def _dates(asked: Asked) -> Iterator[Active]:
    for older, name, words in (("from", "date_from", _("投用自")), ("to", "date_to", _("投用至"))):
        if value := asked.values[name]:
            yield Active(words, said(value.text), _without(asked, older, name))


def _facts(asked: Asked) -> Iterator[Active]:
    labels = fact_labels()
    for name, words in (("has", _("已知")), ("lacks", _("未知"))):
        for fact in asked.chosen(name):
            yield Active(words, labels[fact], parameters.toggled(asked.query, name, fact))


def _others(asked: Asked) -> Iterator[Active]:
    for key in asked.chosen("key"):
        yield Active(_("键"), key, parameters.toggled(asked.query, "key", key))
    if asked.filterset.include_unknown:
        yield Active(_("未知"), _("也列入"), _without(asked, "unknown"))
