"""Citations, conflicts and freshness of one payload: pure rules, and the rows they leave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Any

from tracker.entries.fields import Json, Target, World
from tracker.entries.inserting import insert
from tracker.entries.models import Entry
from tracker.entries.storing import Stored, published
from tracker.values import canonical, edtf
from tracker.values.paths import covering_paths, value_at
from tracker.values.quantity import Range, possible_range
from tracker.values.units import SQUARE_METRES

from .models import Citation, Conflict

SHELF_LIFE_MONTHS = 36


def render(payload: Json, world: World) -> Json:
    """``{"citations": […], "conflicts": […], "stale_after": date or None}`` as the document shows them."""
    citations = [_rendered(citation, world) for citation in payload.get("citations", [])]
    return {"citations": citations, "conflicts": list(_conflicts(payload, citations)),
            "stale_after": stale_after(citations)}  # fmt: skip


def _rendered(citation: Json, world: World) -> Json:
    source = world.reference(Target("source", citation["source"]))
    return {
        "path": citation["path"],
        "source": {name: source.get(name) for name in ("key", "title", "publisher", "date", "url")},
        "locator": citation.get("locator", {}),
        "stated": citation.get("stated"),
        "printed": citation.get("printed"),
        "rank": citation.get("rank", "normal"),
        "reason": citation.get("reason"),
    }


def _conflicts(payload: Json, citations: Sequence[Json]) -> Iterator[Json]:
    rulings = {ruling["path"]: ruling for ruling in payload.get("rulings", [])}
    by_path: dict[str, list[Json]] = defaultdict(list)
    for citation in citations:
        if citation["path"] and citation["rank"] != "deprecated":
            by_path[citation["path"]].append(citation)
    declared = [path for path, ruling in rulings.items() if ruling["action"] == "declare"]
    for path in [*by_path, *(path for path in declared if path not in by_path)]:
        ruling = rulings.get(path)
        if ruling and ruling["action"] == "dismiss":
            continue
        values = [{"stated": _stated(payload, citation), "citation": citation}
                  for citation in by_path.get(path) or _covering(citations, path)]  # fmt: skip
        if path in declared or _disagree(payload, path, values):
            yield {"path": path, "values": values, "ruling": ruling and ruling["action"],
                   "reason": ruling and ruling["reason"]}  # fmt: skip


def _covering(citations: Sequence[Json], path: str) -> list[Json]:
    return [citation for citation in citations if citation["path"] in covering_paths(path)]


def _stated(payload: Json, citation: Json) -> Any:
    return citation["stated"] if citation["stated"] is not None else value_at(payload, citation["path"])


def _disagree(payload: Json, path: str, values: Sequence[Json]) -> bool:
    parent = value_at(payload, path.rpartition("/")[0])
    holder = parent if isinstance(parent, dict) else {}
    return any(_apart(one["stated"], other["stated"], holder) for one, other in combinations(values, 2))


def _apart(one: Any, other: Any, holder: Json) -> bool:
    """Whether two stated values cannot both hold. Lists and unlike shapes are never said to conflict.

    :param holder: what the value stands in: its qualifier and unit are those of a number stated alone.
    """
    left, right = _range(one, holder), _range(other, holder)
    if left and right:
        return not left.meets(right)
    if isinstance(one, str) and isinstance(other, str):
        first, second = _date(one), _date(other)
        return not edtf.overlap(first, second) if first and second else one != other
    return False


def _range(value: Any, holder: Json) -> Range | None:
    """The possible range of a quantity, of an area in m²."""
    if isinstance(value, dict):
        stated, qualifier, unit = value.get("value"), value.get("qualifier", "exact"), value.get("unit")
    else:
        stated, qualifier, unit = value, holder.get("qualifier", "exact"), holder.get("unit")
    if not isinstance(stated, int | Decimal) or isinstance(stated, bool):
        return None
    scale = SQUARE_METRES.get(str(unit or holder.get("unit")), Decimal(1))
    return possible_range(Decimal(stated) * scale, qualifier)


def _date(text: str) -> edtf.Edtf | None:
    try:
        return edtf.parse(text)
    except edtf.InvalidEdtf:
        return None


def stale_after(citations: Sequence[Json]) -> str | None:
    """The day after which the evidence is too old to say “still so”: the newest source's date plus the shelf life."""
    dates = (citation["source"]["date"] for citation in citations)
    days = [day for day in (edtf.parse(stated).upper for stated in dates if stated) if day]
    return add_months(max(days), SHELF_LIFE_MONTHS).isoformat() if days else None


def add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, 28))


def store(items: Sequence[Stored], documents: dict[int, Json], world: World) -> None:
    """Write the citation and conflict rows of the entries, replacing what stood there."""
    pks = published(item.entry for item in items)
    Citation.objects.filter(entry_id__in=pks).delete()
    Conflict.objects.filter(entry_id__in=pks).delete()
    insert(Citation, [row for item in items for row in _citation_rows(item, world)])
    insert(
        Conflict,
        [Conflict(entry_id=item.entry.pk, path=conflict["path"], ruling=conflict["ruling"] or "",
                  declared=conflict["ruling"] == "declare", reason=conflict["reason"] or "")
         for item in items for conflict in documents[item.entry.pk]["conflicts"]],
    )  # fmt: skip


def _citation_rows(item: Stored, world: World) -> Iterator[Citation]:
    for position, citation in enumerate(item.payload.get("citations", [])):
        cited = Target("source", citation["source"])
        source, leads_to = world.pk(cited), world.key(cited)
        assert source is not None  # checked before anything is written
        yield Citation(
            entry_id=item.entry.pk, position=position, path=citation["path"], source_id=source,
            named=cited.key if leads_to != cited.key else "",
            locator=citation.get("locator", {}), printed=citation.get("printed", ""),
            stated=canonical.dumps(citation["stated"]) if "stated" in citation else "",
            rank=citation.get("rank", "normal"), reason=citation.get("reason", ""),
        )  # fmt: skip


def payloads_of(entries: Sequence[Entry]) -> dict[int, list[Json]]:
    """The citations of entries as their payloads have them, read back from the rows."""
    found: dict[int, list[Json]] = defaultdict(list)
    for row in Citation.objects.filter(entry__in=entries).select_related("source").order_by("entry_id", "position"):
        found[row.entry_id].append(_as_written(row))
    return found


def _as_written(row: Citation) -> Json:
    citation: Json = {"path": row.path, "source": row.named or row.source.key}
    if row.locator:
        citation["locator"] = row.locator
    if row.stated:
        citation["stated"] = canonical.loads(row.stated)
    if row.printed:
        citation["printed"] = row.printed
    if row.rank != "normal":
        citation["rank"] = row.rank
    if row.reason:
        citation["reason"] = row.reason
    return citation
