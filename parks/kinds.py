"""The kinds park, layout and series."""

from __future__ import annotations

from policies.designations import DESIGNATION_EVENTS, designations_field
from policies.kinds import INDUSTRIES, areas_field, location_field
from policies.models import AreaMeasure
from tracker.entries.fields import (
    Children,
    Code,
    Date,
    Group,
    Json,
    Ref,
    Refs,
    Text,
    Texts,
)
from tracker.entries.kinds import (
    Backref,
    EventRule,
    Kind,
    dated_reference,
    quantity_fields,
    validity_fields,
)
from tracker.vocabulary.kinds import category

from .models import Basis, FigureNature, MilestoneType, Stage
from .stages import ParkStatus, park_status, stage_on

OPENINGS = {"opened": ("opened",), "phase-opened": ("opened", "phase-opened")}
"""An opening stated as the park's own, as its phase's and as a milestone of one date is told once."""

PARK = Kind(
    thing="Place", thing_place="containedInPlace", thing_words=(("sub_parks", "containsPlace"),),
    name="park", plural="parks", zh="园区", en="Park", model="parks.Park", order=50,
    main_date="opened", statuses=ParkStatus, status=park_status, faceted=("stage",),
    on_day=lambda document, day: {"stage": stage_on(document, day)},
    expected=("places", "category", "stage", "location", "areas", "operators", "industries", "contact"),
    fields=(
        category("park-category"),
        Code(name="stage", zh="阶段", en="Stage", choices=Stage),
        Children(name="parents", zh="上级园区", en="Parents", model="parks.Parent", fields=(
            Ref(name="park", zh="园区", en="Park", kinds=("park",), required=True),
            *validity_fields(),
        )),
        location_field(),
        areas_field(),
        Children(name="phases", zh="分期", en="Phases", model="parks.Phase", fields=(
            Text(name="name", zh="名称", en="Name", max_length=120, required=True),
            Code(name="stage", zh="阶段", en="Stage", choices=Stage),
            Text(name="measure", zh="口径", en="Measure", max_length=24, help="floor, land or site",
                 words=AreaMeasure),
            *quantity_fields(),
            Date(name="started", zh="开工", en="Started"),
            Date(name="opened", zh="投用", en="Opened"),
        )),
        Date(name="opened", zh="投用", en="Opened"),
        Refs(name="operators", zh="运营方", en="Operators", kinds=("organisation",)),
        Children(name="tenants", zh="入驻机构", en="Tenants", model="parks.Tenant", fields=(
            Ref(name="organisation", zh="机构", en="Organisation", kinds=("organisation",), or_title=True,
                required=True),
            Text(name="activity", zh="内容", en="Activity", max_length=200),
            *validity_fields(),
        )),
        Children(name="tenant_counts", zh="入驻数量", en="Tenant counts", model="parks.TenantCount", fields=(
            Text(name="what", zh="对象", en="What", max_length=120, required=True),
            *quantity_fields(required=True),
            Date(name="date", zh="日期", en="Date"),
        )),
        INDUSTRIES,
        Texts(name="positioning", zh="定位", en="Positioning"),
        Children(name="milestones", zh="里程碑", en="Milestones", model="parks.Milestone", fields=(
            Code(name="type", zh="类型", en="Type", choices=MilestoneType, required=True),
            Date(name="date", zh="日期", en="Date"),
            Text(name="text", zh="说明", en="Text", max_length=200),
        )),
        designations_field(),
        Group(name="contact", zh="招商联系", en="Investment contact", fields=(
            Text(name="name", zh="联系人", en="Name", max_length=120, column="contact_name"),
            Text(name="phone", zh="电话", en="Phone", max_length=60, column="contact_phone"),
            Text(name="email", zh="邮箱", en="E-mail", max_length=120, column="contact_email"),
            Text(name="url", zh="网址", en="URL", max_length=300, column="contact_url"),
        )),
        Children(name="siting", zh="选址指标", en="Siting indicators", model="parks.SitingFact", fields=(
            Ref(name="indicator", zh="指标", en="Indicator", kinds=("indicator",), required=True),
            *quantity_fields(required=True),
            Date(name="date", zh="日期", en="Date"),
        )),
    ),
    events=(
        EventRule(type="opened", path="opened", zh="{entry[name]}投用", en="{entry[name_en]} opened", rank=40),
        EventRule(type="phase-opened", path="phases/opened", zh="{entry[name]}{item[name]}投用",
                  en="{entry[name_en]}: {item[name]} opened", rank=40, retells=OPENINGS),
        EventRule(type="milestone", type_from="type", path="milestones/date", zh="{entry[name]}：{item[said]}",
                  en="{entry[name_en]}: {item[said_en]}", rank=40, retells=OPENINGS),
        *DESIGNATION_EVENTS,
        EventRule(type="tenant-arrived", path="tenants/from", zh="{item[organisation][name]}入驻{entry[name]}",
                  en="{item[organisation][name]} arrived at {entry[name_en]}", rank=50),
        EventRule(type="tenant-left", path="tenants/to", zh="{item[organisation][name]}撤出{entry[name]}",
                  en="{item[organisation][name]} left {entry[name_en]}", rank=55),
    ),
    backrefs=(Backref(name="sub_parks", zh="下属园区", en="Parts", kind="park", field="parents/park"),),
    searched=("positioning",),
)  # fmt: skip

LAYOUT = Kind(
    thing="CreativeWork", thing_place="spatialCoverage",
    thing_words=(("subject", "about"), ("adopted", "datePublished")),
    name="layout", plural="layouts", zh="产业布局", en="Layout", model="parks.Layout", order=90, naming="title",
    main_date="adopted", since="adopted", until="superseded_by/date", reference=dated_reference("adopted"),
    faceted=("basis",),
    expected=("pattern", "basis", "declared_by", "adopted", "parts"),
    fields=(
        Ref(name="subject", zh="对象", en="Subject", kinds=("place", "park", "zone"), required=True),
        Text(name="pattern", zh="格局", en="Pattern", max_length=120),
        Code(name="basis", zh="依据", en="Basis", choices=Basis),
        Ref(name="declared_by", zh="提出文件", en="Declared by", kinds=("policy",), or_title=True),
        Date(name="adopted", zh="提出", en="Adopted"),
        Refs(name="supersedes", zh="替代", en="Supersedes", kinds=("layout",)),
        Children(name="parts", zh="组成", en="Parts", model="parks.LayoutPart", fields=(
            Ref(name="role", zh="角色", en="Role", kinds=("term",), vocabulary="layout-role", required=True),
            Text(name="name", zh="名称", en="Name", required=True),
            Text(name="part_of", zh="属于", en="Part of", max_length=80, help="key of the part it stands in"),
            Refs(name="places", zh="地区", en="Places", kinds=("place",)),
            Refs(name="parks", zh="园区", en="Parks", kinds=("park",)),
            Texts(name="positioning", zh="定位", en="Positioning"),
            Text(name="function", zh="功能", en="Function", max_length=500),
            Date(name="since", zh="始于", en="Since"),
            Date(name="from", zh="自", en="From", column="valid_from"),
            Date(name="to", zh="至", en="To", column="valid_to"),
        )),
        INDUSTRIES,
    ),
    events=(
        EventRule(type="adopted", path="adopted", zh="{entry[place_name]}提出产业布局“{entry[pattern]}”",
                  en="{entry[place_name_en]} adopts the layout “{entry[pattern]}”", rank=15),
        EventRule(type="superseded", path="superseded_by/date",
                  zh="{entry[place_name]}产业布局“{entry[pattern]}”被替代",
                  en="{entry[place_name_en]}: the layout “{entry[pattern]}” is superseded", rank=80),
    ),
    backrefs=(Backref(name="superseded_by", zh="被替代", en="Superseded by", kind="layout", field="supersedes"),),
    searched=("pattern",), drawn_by=("parts/places", "parts/parks"),
)  # fmt: skip


_TEXT: Json = {"type": ["string", "null"]}


def latest_figure(document: Json) -> Json:
    """The figure with the latest date, so that a list can show one number."""
    dated = [figure for figure in document["figures"] if figure["date"] and figure["nature"] != "target"]
    return {"latest": max(dated, key=lambda figure: str(figure["date"]), default=None)}


SERIES = Kind(
    thing="Dataset", thing_place="spatialCoverage",
    thing_words=(("indicator", "variableMeasured"), ("subject", "about"), ("definition", "description")),
    name="series", plural="series", zh="指标序列", en="Series", model="parks.Series", order=95, naming="title",
    main_date="figures/date",
    expected=("definition", "figures"),
    fields=(
        Ref(name="indicator", zh="指标", en="Indicator", kinds=("indicator",), required=True),
        Ref(name="subject", zh="对象", en="Subject", kinds=("place", "park", "industry", "organisation", "zone"),
            required=True),
        Text(name="definition", zh="口径", en="Definition", max_length=500),
        INDUSTRIES,
        Children(name="figures", zh="数据", en="Figures", model="parks.Figure", fields=(
            *quantity_fields(required=True),
            Date(name="date", zh="日期", en="Date"),
            Code(name="nature", zh="性质", en="Nature", choices=FigureNature),
            Ref(name="asserted_by", zh="谁说的", en="Asserted by", kinds=("organisation",), or_title=True),
        )),
    ),
    derive=latest_figure,
    derived=(("latest", {"type": ["object", "null"], "properties": {
        "value": {"type": "number"}, "qualifier": _TEXT, "unit": _TEXT, "date": _TEXT, "nature": _TEXT}}),),
    searched=("definition",),
)  # fmt: skip
