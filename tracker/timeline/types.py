"""The types of events and their names in both languages; pure, for pages and the contract alike."""

from __future__ import annotations

from typing import NamedTuple


class TypeName(NamedTuple):
    zh: str
    en: str


TYPES = {
    "consultation": TypeName("征求意见", "consultation"),
    "issued": TypeName("发布", "issued"),
    "effective": TypeName("施行", "in force"),
    "amended": TypeName("被修改", "amended"),
    "superseded": TypeName("被替代", "superseded"),
    "repealed": TypeName("废止", "repealed"),
    "partly-repealed": TypeName("部分废止", "partly repealed"),
    "expired": TypeName("失效", "expired"),
    "period-ended": TypeName("规划期届满", "planning period ended"),
    "approved": TypeName("批准", "approved"),
    "unveiled": TypeName("挂牌", "unveiled"),
    "extended": TypeName("延续", "extended"),
    "renamed": TypeName("更名", "renamed"),
    "assessed": TypeName("评估", "assessed"),
    "withdrawn": TypeName("撤销", "withdrawn"),
    "founded": TypeName("成立", "founded"),
    "planned": TypeName("提出规划", "planned"),
    "construction-started": TypeName("开工", "construction started"),
    "topped-out": TypeName("封顶", "topped out"),
    "phase-opened": TypeName("分期投用", "phase opened"),
    "opened": TypeName("投用", "opened"),
    "expanded": TypeName("扩区", "expanded"),
    "tenant-arrived": TypeName("入驻", "tenant arrived"),
    "tenant-left": TypeName("迁出", "tenant left"),
    "adopted": TypeName("布局提出", "layout adopted"),
    "signed": TypeName("签署", "signed"),
    "launched": TypeName("启动", "launched"),
    "batch-published": TypeName("批次公布", "batch published"),
    "ended": TypeName("结束", "ended"),
    "milestone": TypeName("里程碑", "milestone"),
    "other": TypeName("其他", "other"),
}
"""In the order in which a reader meets them: policies, titles, parks, layouts, initiatives."""


def name_of(code: str) -> TypeName:
    """The names of a type; one that is not in the table is called by its code."""
    plain = code.replace("-", " ")
    return TYPES.get(code, TypeName(plain, plain))
