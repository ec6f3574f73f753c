"""What a snapshot says of itself: its manifest, its licence, and what Datasette should show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings

from tracker.delivery import terms
from tracker.delivery.columns import Sort
from tracker.entries.fields import Json

from . import database
from .plan import Plan
from .relational import Table


def about(plan: Plan) -> Json:
    """The words that every file which can carry some carries."""
    return {
        "title": terms.TITLE, "snapshot": plan.number, "seq": plan.seq, "made_at": moment(plan.begun_at),
        "licence": terms.LICENCE, "licence_url": terms.LICENCE_URL, "attribution": terms.ATTRIBUTION,
        "contract_version": terms.CONTRACT_VERSION, "source": settings.SITE_URL,
    }  # fmt: skip


def moment(value: datetime) -> str:
    return value.isoformat(timespec="seconds").replace("+00:00", "Z")


def address(number: int) -> str:
    return f"/api/v1/snapshots/{number}/"


def manifest(plan: Plan, files: Iterable[Json]) -> Json:
    """What a partner needs to fetch the files, to check them, and to go on from them."""
    listed = list(files)
    return {
        "number": plan.number, "url": address(plan.number), "seq": plan.seq, "made_at": moment(plan.begun_at),
        "documents": plan.documents, "counts": plan.counts, "bytes": sum(file["bytes"] for file in listed),
        "changes": f"/api/v1/changes/?after={plan.seq}",
        "licence": {"name": terms.LICENCE, "url": terms.LICENCE_URL}, "attribution": terms.ATTRIBUTION,
        "contract_version": terms.CONTRACT_VERSION,
        "files": [file | {"url": f"{address(plan.number)}{file['name']}"} for file in listed],
    }  # fmt: skip


def licence(plan: Plan) -> str:
    return f"""{terms.TITLE}

快照 {plan.number}，停在变更编号 {plan.seq}，制作于 {moment(plan.begun_at)}。
数据许可：{terms.LICENCE}（{terms.LICENCE_URL}）。使用时请署名，并链接到所用条目：
  {terms.ATTRIBUTION}
地点的代表点来自 GeoNames（https://www.geonames.org/），同为 CC BY 4.0。
每个数值的出处在文档的 citations 中；来源文件本身不在此提供。

Snapshot {plan.number}, standing at feed number {plan.seq}, made at {moment(plan.begun_at)}.
The data are licensed {terms.LICENCE} ({terms.LICENCE_URL}). Name the source and link to the entries you use:
  {terms.ATTRIBUTION}
Representative points of places are from GeoNames (https://www.geonames.org/), CC BY 4.0 as well.
Where each value comes from stands in the citations of its document; the source documents are not served here.

{settings.SITE_URL}/data/
"""


def datasette(plan: Plan) -> Json:
    """Metadata of Datasette: who made it, what the tables are called, by what to count them."""
    says = {
        "title": f"{terms.TITLE} · {plan.number}",
        "description": f"快照 {plan.number}，停在变更 {plan.seq} · Snapshot {plan.number}, at change {plan.seq}",
        "license": terms.LICENCE, "license_url": terms.LICENCE_URL,
        "source": terms.ATTRIBUTION, "source_url": settings.SITE_URL, "about": terms.TITLE,
        "about_url": f"{settings.SITE_URL}/data/",
    }  # fmt: skip
    tables = {table.name: _table(table) for table in database.every_table()}
    return says | {"databases": {"tracker": {**says, "tables": tables}}}


def _table(table: Table) -> Json:
    lists = {column.name for column in table.columns if column.sort is Sort.LIST}
    shown: dict[str, Any] = {
        "title": table.title, "size": 50, "hidden": table.aside,
        "facets": [{"array": name} if name in lists else name for name in table.facets],
    }  # fmt: skip
    return shown | ({"label_column": table.label} if table.label else {})
