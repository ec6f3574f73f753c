"""The kinds organisation, programme, policy, platform, zone and initiative."""

from __future__ import annotations

from datetime import date

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
    Facts,
    Kind,
    dated_reference,
    designations_field,
    quantity_fields,
    validity_fields,
)
from tracker.values import edtf
from tracker.values.codes import BilingualChoices
from tracker.vocabulary.kinds import category

from .models import AreaMeasure, AreaState, Level, RelationType

INDUSTRIES = Refs(name="industries", zh="产业", en="Industries", kinds=("industry",))
PARKS = Refs(name="parks", zh="涉及园区", en="Parks", kinds=("park",))
_REFERENCE: Json = {"anyOf": [{"$ref": "#/components/schemas/Reference"}, {"type": "null"}]}
_DATE: Json = {"type": ["string", "null"]}
_TEXT: Json = {"type": ["string", "null"]}


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
    name="organisation", plural="organisations", zh="机构", en="Organisation", model="policies.Organisation", order=20,
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

PROGRAMME = Kind(
    name="programme", plural="programmes", zh="认定计划", en="Programme", model="policies.Programme", order=30,
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


class PolicyStatus(BilingualChoices):
    NOT_YET = "not_yet", "尚未生效 not yet in force"
    IN_FORCE = "in_force", "现行有效 in force"
    PARTLY = "partly", "部分失效 partly ended"
    AMENDED = "amended", "已被修改 amended"
    ENDED = "ended", "失效/废止 ended"
    UNVERIFIED = "unverified", "未核实 unverified"


def policy_status(payload: Facts, backrefs: dict[str, list[Json]], today: date) -> str:
    """时效性 from events and evidence; a text nobody has checked lately is unverified, not in force.

    The end of a planning period is 规划期届满, not expiry, and does not count here.
    """
    if backrefs["superseded_by"]:
        return PolicyStatus.ENDED
    if payload.get("expires"):
        last_day = edtf.parse(payload["expires"]).upper
        if last_day and last_day < today:
            return PolicyStatus.ENDED
    begins = payload.get("effective") or payload.get("issued")
    if begins and (first := edtf.parse(begins).lower) and first > today:
        return PolicyStatus.NOT_YET
    if backrefs["amended_by"]:
        return PolicyStatus.AMENDED
    return PolicyStatus.UNVERIFIED


POLICY = Kind(
    name="policy", plural="policies", zh="政策", en="Policy", model="policies.Policy", order=40, naming="title",
    main_date="issued", since="effective|issued", until="expires", statuses=PolicyStatus, status=policy_status,
    reference=dated_reference("issued"), faceted=("level",),
    fields=(
        category("policy-category"),
        Code(name="level", zh="层级", en="Level", choices=Level),
        Refs(name="issuers", zh="发文机关", en="Issuers", kinds=("organisation",)),
        Text(name="doc_number", zh="文号", en="Document number", max_length=80),
        Date(name="issued", zh="成文日期", en="Issued"),
        Date(name="effective", zh="施行日期", en="Effective"),
        Date(name="expires", zh="失效日期", en="Expires"),
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
        EventRule(type="issued", path="issued", zh="《{entry[title]}》发布", en="Issued: {entry[title_en]}", rank=10),
        EventRule(type="effective", path="effective", zh="《{entry[title]}》施行", en="In force: {entry[title_en]}",
                  rank=20),
        EventRule(type="expired", path="expires", zh="《{entry[title]}》失效", en="Expires: {entry[title_en]}",
                  rank=90),
    ),
    backrefs=(
        Backref(name="superseded_by", zh="被替代", en="Superseded by", kind="policy", field="relations/policy",
                role="supersedes"),
        Backref(name="amended_by", zh="被修改", en="Amended by", kind="policy", field="relations/policy",
                role="amends"),
        Backref(name="implemented_by", zh="落实文件", en="Implemented by", kind="policy",
                field="relations/policy", role="implements"),
    ),
)  # fmt: skip


def from_designation(document: Json) -> Json:
    """programme, batch and approved stand in the first designation; the API shows them beside it too."""
    first = next(iter(document["designations"]), None)
    names = ("programme", "batch", "approved")
    return {name: first and first[name] for name in names}


_FROM_DESIGNATION = (("programme", _REFERENCE), ("batch", _TEXT), ("approved", _DATE))

_DESIGNATION_EVENTS = (
    EventRule(type="approved", path="designations/approved", zh="{entry[name]}：列入{item[programme][name]}",
              en="{entry[name_en]}: named under {item[programme][name_en]}", rank=30,
              when=lambda item: item["wording"] != "applying"),
    EventRule(type="assessed", path="designations/assessed", zh="{entry[name]}：{item[programme][name]}评估",
              en="{entry[name_en]}: assessed under {item[programme][name_en]}", rank=60),
    EventRule(type="withdrawn", path="designations/withdrawn", zh="{entry[name]}：撤销{item[programme][name]}",
              en="{entry[name_en]}: no longer under {item[programme][name_en]}", rank=90),
)  # fmt: skip


class TitleStatus(BilingualChoices):
    APPROVED = "approved", "已批准 approved"
    APPLYING = "applying", "创建中 applying"
    WITHDRAWN = "withdrawn", "已撤销 withdrawn"
    UNVERIFIED = "unverified", "未核实 unverified"


def title_status(payload: Facts, backrefs: dict[str, list[Json]], today: date) -> str:
    """A title is held once approved or listed; applying for it (创建中) is not holding it."""
    for designation in payload.get("designations", []):
        if designation.get("withdrawn"):
            return TitleStatus.WITHDRAWN
        if designation.get("wording") == "applying":
            return TitleStatus.APPLYING
        if designation.get("approved") or designation.get("wording"):
            return TitleStatus.APPROVED
    return TitleStatus.UNVERIFIED


PLATFORM = Kind(
    name="platform", plural="platforms", zh="创新平台", en="Platform", model="policies.Platform", order=60,
    main_date="designations/approved|founded", since="designations/approved|founded", until="designations/withdrawn",
    statuses=TitleStatus, status=title_status,
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
    derive=from_designation, derived=_FROM_DESIGNATION,
    events=(EventRule(type="founded", path="founded", zh="{entry[name]}成立", en="{entry[name_en]} founded", rank=20),
            *_DESIGNATION_EVENTS),
    searched=("field",),
)  # fmt: skip

ZONE = Kind(
    name="zone", plural="zones", zh="先导区/试验区", en="Pilot zone", model="policies.PilotZone", order=70,
    main_date="designations/approved", since="designations/approved", until="designations/withdrawn",
    statuses=TitleStatus, status=title_status,
    fields=(
        Refs(name="authority", zh="批准机关", en="Authority", kinds=("organisation",)),
        Texts(name="focus", zh="重点方向", en="Focus"),
        areas_field(),
        PARKS, INDUSTRIES,
        designations_field(),
    ),
    derive=from_designation, derived=_FROM_DESIGNATION,
    events=_DESIGNATION_EVENTS,
    searched=("focus",),
)  # fmt: skip

INITIATIVE = Kind(
    name="initiative", plural="initiatives", zh="举措", en="Initiative", model="policies.Initiative", order=80,
    naming="title", main_date="date", since="date", until="ended",
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
        EventRule(type="launched", path="date", zh="{entry[title]}", en="{entry[title_en]}", rank=40),
        EventRule(type="ended", path="ended", zh="{entry[title]}结束", en="{entry[title_en]} ended", rank=90),
    ),
    searched=("terms",),
)  # fmt: skip
