"""Titles: the designations that a platform, a zone or a park holds under a programme, and what happened to them."""

from __future__ import annotations

from tracker.entries.fields import Children, Code, Date, Json, Ref, Text
from tracker.entries.kinds import EventRule, plain_reference

from .models import Wording
from .status import approved_within

_REFERENCE: Json = {"anyOf": [{"$ref": "#/components/schemas/Reference"}, {"type": "null"}]}
_TEXT: Json = {"type": ["string", "null"]}


def _bounded(designation: Json) -> Json:
    """``approved_within``; the programme's batches, which its reference brings along for that, are left out."""
    return {"approved_within": approved_within(designation), "programme": plain_reference(designation["programme"])}


def designations_field() -> Children:
    """The titles an entry holds: designation under a programme, by batch, dated."""
    return Children(
        name="designations", zh="认定", en="Designations", model="policies.Designation",
        fields=(
            Ref(name="programme", zh="计划", en="Programme", kinds=("programme",), required=True),
            Text(name="batch", zh="批次", en="Batch", max_length=80, help="key of the programme's batch"),
            Date(name="approved", zh="批准", en="Approved"),
            Date(name="unveiled", zh="挂牌", en="Unveiled"),
            Date(name="assessed", zh="评估", en="Assessed"),
            Date(name="extended", zh="延期或扩展", en="Extended"),
            Date(name="renamed", zh="更名", en="Renamed"),
            Date(name="withdrawn", zh="撤销", en="Withdrawn"),
            Code(name="wording", zh="措辞", en="Wording", choices=Wording),
            Ref(name="document", zh="文件", en="Document", kinds=("policy",), or_title=True),
        ),
        derive=_bounded,
        derived=(("approved_within", {"title": "批准日期的范围 Bounds of an unknown approval", **_TEXT}),),
    )  # fmt: skip


def from_first(document: Json) -> Json:
    """programme, batch and approved stand in the first designation; the API shows them beside it too."""
    first = next(iter(document["designations"]), None)
    names = ("programme", "batch", "approved")
    return {name: first and first[name] for name in names}


FROM_FIRST = (("programme", _REFERENCE), ("batch", _TEXT), ("approved", _TEXT))

APPROVED = "designations/approved|designations/approved_within"
"""Since when a title is held, as a path for ``first_date``."""


def _told(type_: str, rank: int, zh: str, en: str) -> EventRule:
    return EventRule(
        type=type_, path=f"designations/{type_}", rank=rank,
        zh=f"{{entry[name]}}：{zh}", en=f"{{entry[name_en]}}: {en}",
        when=lambda entry, item: item["wording"] != Wording.APPLYING,
    )  # fmt: skip


DESIGNATION_EVENTS = (
    _told("approved", 30, "列入{item[programme][name]}", "named under {item[programme][name_en]}"),
    _told("unveiled", 35, "{item[programme][name]}挂牌", "unveiled under {item[programme][name_en]}"),
    _told("assessed", 60, "{item[programme][name]}评估", "assessed under {item[programme][name_en]}"),
    _told("extended", 62, "{item[programme][name]}延期或扩展", "extended under {item[programme][name_en]}"),
    _told("renamed", 64, "{item[programme][name]}更名", "title renamed under {item[programme][name_en]}"),
    _told("withdrawn", 90, "撤销{item[programme][name]}", "no longer under {item[programme][name_en]}"),
)
