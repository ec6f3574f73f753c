"""The kinds organisation, programme, policy, platform, zone and initiative."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tracker.entries.fields import (
    Children,
    Code,
    Date,
    Field,
    Group,
    Json,
    Number,
    Ref,
    Refs,
    Text,
    Texts,
    value_in_square_metres,
)
from tracker.entries.kinds import (
    Backref,
    EventRule,
    Kind,
    dated_reference,
    plain_reference,
    quantity_fields,
    validity_fields,
)
from tracker.vocabulary.kinds import category

from .designations import APPROVED, DESIGNATION_EVENTS, FROM_FIRST, designations_field, from_first
from .models import AreaMeasure, AreaState, Level, RelationType
from .status import PolicyStatus, TitleStatus, last_day, period_ended, policy_status, title_status

INDUSTRIES = Refs(name="industries", zh="产业", en="Industries", kinds=("industry",))
PARKS = Refs(name="parks", zh="涉及园区", en="Parks", kinds=("park",))


def location_field() -> Group:
    return Group(
        name="location", zh="位置", en="Location", cited=False,
        fields=(
            Number(name="lat", zh="纬度", en="Latitude", minimum=-90, maximum=90, column="location_lat"),
            Number(name="lng", zh="经度", en="Longitude", minimum=-180, maximum=180, column="location_lng"),
            Text(name="address", zh="地址", en="Address", column="location_address"),
        ),
    )  # fmt: skip


def areas_field() -> Children:
    fields: tuple[Field, ...] = (
        Code(name="measure", zh="口径", en="Measure", choices=AreaMeasure, required=True),
        Code(name="state", zh="状态", en="State", choices=AreaState),
        *quantity_fields(required=True),
        *validity_fields(),
    )
    return Children(
        name="areas", zh="面积", en="Areas", model="policies.Area", fields=fields,
        derive=value_in_square_metres, derived=(("value_m2", {"type": ["number", "null"]}),),
    )  # fmt: skip


ORGANISATION = Kind(
    thing="Organization", thing_words=(("parent", "parentOrganization"),), thing_place="location",
    name="organisation", plural="organisations", zh="机构", en="Organisation", model="policies.Organisation", order=20,
    expected=("category", "places"),
    fields=(
        category("organisation-category"),
        Ref(name="parent", zh="上级机构", en="Parent", kinds=("organisation",)),
        INDUSTRIES,
        Children(name="presence", zh="布局", en="Presence", model="policies.Presence", fields=(
            Ref(name="place", zh="地区", en="Place", kinds=("place",), required=True),
            Text(name="activity", zh="内容", en="Activity", max_length=200),
            Date(name="since", zh="始于", en="Since"),
        )),
    ),
)  # fmt: skip


def programme_reference(document: Json) -> Json:
    """With the batches in order: they bound the dates of titles that have none."""
    ordered = sorted(document["batches"], key=lambda batch: (batch["number"] is None, batch["number"]))
    return plain_reference(document) | {
        "batches": [{name: batch[name] for name in ("key", "date")} for batch in ordered]
    }


PROGRAMME = Kind(
    name="programme", plural="programmes", zh="认定计划", en="Programme", model="policies.Programme", order=30,
    reference=programme_reference,
    expected=("category", "authority", "legal_basis", "batches"),
    fields=(
        category("programme-category"),
        Refs(name="authority", zh="认定机关", en="Authority", kinds=("organisation",)),
        Ref(name="legal_basis", zh="依据", en="Legal basis", kinds=("policy",), or_title=True),
        Children(name="batches", zh="批次", en="Batches", model="policies.Batch", fields=(
            Number(name="number", zh="序号", en="Number", integer=True, minimum=1),
            Text(name="name", zh="名称", en="Name", max_length=120),
            Date(name="date", zh="日期", en="Date"),
            Number(name="count", zh="所述数目", en="Count stated", integer=True, minimum=0),
            Ref(name="document", zh="文件", en="Document", kinds=("policy",), or_title=True),
        )),
        INDUSTRIES,
    ),
    events=(
        EventRule(type="batch-published", path="batches/date", zh="{entry[name]}：{item[name]}公布",
                  en="{item[name]} of {entry[name_en]} published", rank=30),
    ),
)  # fmt: skip


def _told(type_: str, path: str, rank: int, zh: str, en: str, **others: Any) -> EventRule:
    return EventRule(type=type_, path=path, rank=rank, zh=f"《{{entry[title]}}》{zh}", en=f"{en}: {{entry[title_en]}}",
                     **others)  # fmt: skip


POLICY = Kind(
    thing="Legislation", thing_place="legislationJurisdiction",
    thing_words=(("doc_number", "legislationIdentifier"), ("issued", "legislationDate"),
                 ("effective", "legislationDateOfApplicability"), ("issuers", "legislationPassedBy")),
    name="policy", plural="policies", zh="政策", en="Policy", model="policies.Policy", order=40, naming="title",
    main_date="issued", since="effective|issued", until="expires", statuses=PolicyStatus, status=policy_status,
    on_day=lambda document, day: {"period_ended": period_ended(document, day)},
    derived=(("period_ended", {"title": "规划期届满 Planning period ended", "type": ["boolean", "null"]}),),
    reference=dated_reference("effective", "issued"), faceted=("level",),
    expected=("places", "category", "level", "issuers", "doc_number", "issued"),
    fields=(
        category("policy-category"),
        Code(name="level", zh="层级", en="Level", choices=Level),
        Refs(name="issuers", zh="发文机关", en="Issuers", kinds=("organisation",)),
        Text(name="doc_number", zh="文号", en="Document number", max_length=80),
        Date(name="consultation", zh="征求意见", en="Consultation"),
        Date(name="issued", zh="成文日期", en="Issued"),
        Date(name="effective", zh="施行日期", en="Effective"),
        Date(name="expires", zh="失效日期", en="Expires",
             help="the first day on which it no longer holds: 有效期至2025-12-31 is 2026-01-01"),
        Date(name="period", zh="规划期", en="Planning period", help="an interval such as 2018/2020"),
        INDUSTRIES, PARKS,
        Children(name="targets", zh="目标", en="Targets", model="policies.PolicyTarget", fields=(
            Ref(name="indicator", zh="指标", en="Indicator", kinds=("indicator",)),
            Text(name="name", zh="名称", en="Name", max_length=200, required=True),
            *quantity_fields(),
            Date(name="by", zh="期限", en="By"),
        )),
        Children(name="measures", zh="支持措施", en="Measures", model="policies.Measure", fields=(
            Ref(name="subject", zh="主题", en="Subject", kinds=("term",), vocabulary="measure-subject", required=True),
            Text(name="text", zh="内容", en="What", max_length=300),
            Text(name="qualifies", zh="对象", en="Who qualifies"),
            Text(name="rate", zh="标准", en="Rate", max_length=80),
            Number(name="cap_value", zh="上限", en="Cap"),
            Text(name="cap_unit", zh="上限单位", en="Cap unit", max_length=40),
            Text(name="cap_period", zh="上限周期", en="Cap period", max_length=40),
            Date(name="from", zh="自", en="From", column="valid_from"),
            Date(name="to", zh="至", en="To", column="valid_to"),
        )),
        Children(name="relations", zh="与其他政策", en="Relations", model="policies.PolicyRelation", fields=(
            Code(name="type", zh="关系", en="Type", choices=RelationType, required=True),
            Ref(name="policy", zh="政策", en="Policy", kinds=("policy",), or_title=True, required=True),
        )),
    ),
    events=(
        _told("consultation", "consultation", 5, "公开征求意见", "Open for comments"),
        _told("issued", "issued", 10, "发布", "Issued"),
        _told("effective", "effective", 20, "施行", "In force"),
        _told("amended", "amended_by/date", 70, "被修改", "Amended"),
        _told("superseded", "superseded_by/date", 80, "被替代", "Superseded"),
        _told("repealed", "repealed_by/date", 82, "被废止", "Repealed"),
        _told("partly-repealed", "partly_repealed_by/date", 84, "部分废止", "Partly repealed"),
        _told("period-ended", "period", 86, "规划期届满", "Planning period ended", at=last_day),
        _told("expired", "expires", 90, "失效", "Expires"),
    ),
    backrefs=(
        Backref(name="superseded_by", zh="被替代", en="Superseded by", kind="policy", field="relations/policy",
                role="supersedes"),
        Backref(name="repealed_by", zh="被废止", en="Repealed by", kind="policy", field="relations/policy",
                role="repeals"),
        Backref(name="partly_repealed_by", zh="部分被废止", en="Partly repealed by", kind="policy",
                field="relations/policy", role="partly_repeals"),
        Backref(name="amended_by", zh="被修改", en="Amended by", kind="policy", field="relations/policy",
                role="amends"),
        Backref(name="implemented_by", zh="落实文件", en="Implemented by", kind="policy",
                field="relations/policy", role="implements"),
    ),
)  # fmt: skip


PLATFORM = Kind(
    thing="ResearchOrganization", thing_place="location",
    thing_words=(("founded", "foundingDate"), ("field", "knowsAbout")),
    name="platform", plural="platforms", zh="创新平台", en="Platform", model="policies.Platform", order=60,
    main_date="designations/approved|founded", since=f"{APPROVED}|founded", until="designations/withdrawn",
    statuses=TitleStatus, status=title_status,
    expected=("places", "category", "operators", "field"),
    fields=(
        category("platform-category"),
        Text(name="field", zh="领域", en="Field", max_length=200),
        Refs(name="operators", zh="建设单位", en="Operators", kinds=("organisation", "place", "park")),
        Date(name="founded", zh="成立", en="Founded"),
        location_field(),
        Refs(name="parks", zh="所在园区", en="Parks", kinds=("park",)),
        INDUSTRIES,
        designations_field(),
    ),
    derive=from_first, derived=FROM_FIRST,
    events=(EventRule(type="founded", path="founded", zh="{entry[name]}成立", en="{entry[name_en]} founded", rank=20),
            *DESIGNATION_EVENTS),
    searched=("field",),
)  # fmt: skip

ZONE = Kind(
    thing="AdministrativeArea", thing_place="containedInPlace", thing_words=(("parks", "containsPlace"),),
    name="zone", plural="zones", zh="先导区/试验区", en="Pilot zone", model="policies.PilotZone", order=70,
    main_date="designations/approved", since=APPROVED, until="designations/withdrawn",
    statuses=TitleStatus, status=title_status,
    expected=("places", "authority", "designations", "focus"),
    fields=(
        Refs(name="authority", zh="批准机关", en="Authority", kinds=("organisation",)),
        Texts(name="focus", zh="重点方向", en="Focus"),
        areas_field(),
        PARKS, INDUSTRIES,
        designations_field(),
    ),
    derive=from_first, derived=FROM_FIRST,
    events=DESIGNATION_EVENTS,
    searched=("focus",), drawn_by=("places",),
)  # fmt: skip


def _sort(initiative: Json) -> str:
    return str((initiative["category"] or {}).get("key"))


BEGINNINGS: dict[str, Callable[[Json, Json], bool]] = {
    "signed": lambda initiative, item: _sort(initiative) == "agreement",
    "batch-published": lambda initiative, item: _sort(initiative) == "scenario-batch",
    "launched": lambda initiative, item: _sort(initiative) not in ("agreement", "scenario-batch"),
}
"""What the date of an initiative tells: an agreement was signed, a batch published, anything else launched."""

INITIATIVE = Kind(
    thing="Event", thing_place="location", thing_words=(("date", "startDate"), ("ended", "endDate")),
    name="initiative", plural="initiatives", zh="举措", en="Initiative", model="policies.Initiative", order=80,
    naming="title", main_date="date", since="date", until="ended",
    expected=("places", "category", "date", "parties"),
    fields=(
        category("initiative-category"),
        Children(name="parties", zh="参与方", en="Parties", model="policies.Party", fields=(
            Ref(name="party", zh="参与方", en="Party", kinds=("organisation", "place", "park"), or_title=True,
                required=True),
            Text(name="role", zh="角色", en="Role", max_length=60),
        )),
        Date(name="date", zh="日期", en="Date", column="date_stated"),
        Date(name="ended", zh="结束", en="Ended"),
        Text(name="stage", zh="进展", en="Stage", max_length=60),
        Texts(name="terms", zh="内容", en="Terms"),
        Children(name="quantities", zh="数量", en="Quantities", model="policies.InitiativeQuantity", fields=(
            Text(name="name", zh="名称", en="Name", max_length=120, required=True),
            *quantity_fields(required=True),
            Date(name="date", zh="日期", en="Date"),
        )),
        PARKS, INDUSTRIES,
    ),
    events=(
        *(EventRule(type=type_, path="date", zh="{entry[title]}", en="{entry[title_en]}", rank=40, when=when)
          for type_, when in BEGINNINGS.items()),
        EventRule(type="ended", path="ended", zh="{entry[title]}结束", en="{entry[title_en]} ended", rank=90),
    ),
    searched=("terms",),
)  # fmt: skip
