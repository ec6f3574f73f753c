"""What a policy's 时效性 and a title's status are on a day: the one rule, for today's document and for any other day.

Pure: documents in, codes out. A text nobody has checked lately is unverified, never in force; the end of a planning
period is 规划期届满, not expiry.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tracker.delivery.as_of import Held, held
from tracker.entries.fields import Json
from tracker.values import edtf
from tracker.values.codes import BilingualChoices

from .models import Wording


class PolicyStatus(BilingualChoices):
    NOT_YET = "not_yet", "尚未生效 not yet in force"
    IN_FORCE = "in_force", "现行有效 in force"
    PARTLY = "partly", "部分失效 partly ended"
    AMENDED = "amended", "已被修改 amended"
    ENDED = "ended", "失效/废止 ended"
    UNVERIFIED = "unverified", "未核实 unverified"


class TitleStatus(BilingualChoices):
    APPROVED = "approved", "已批准 approved"
    APPLYING = "applying", "创建中 applying"
    WITHDRAWN = "withdrawn", "已撤销 withdrawn"
    UNVERIFIED = "unverified", "未核实 unverified"


# --- policies -----------------------------------------------------------------------------------------------------


def start_of(policy: Json) -> str | None:
    """When it began, as EDTF: effective, else issued, else with its planning period, else by its earliest source."""
    if stated := policy["effective"] or policy["issued"]:
        return str(stated)
    first = (policy["period"] or "").partition("/")[0]
    if first not in ("", ".."):
        return str(first)
    texts = [citation["source"]["date"] for citation in policy["citations"] if citation["source"]["date"]]
    days = [day for day in (edtf.parse(text).upper for text in texts) if day]
    return f"../{min(days).isoformat()}" if days else None


def begun(policy: Json, day: date) -> Held:
    return held(start_of(policy), None, day)


def policy_status(policy: Json, day: date) -> str:
    """时效性 on the day, from what had happened by then and from evidence that was not stale on it."""
    if begun(policy, day) is Held.NO:
        return PolicyStatus.NOT_YET
    if _ended(policy, day):
        return PolicyStatus.ENDED
    if _happened(policy["amended_by"], day):
        return PolicyStatus.AMENDED
    if _happened(policy["partly_repealed_by"], day):
        return PolicyStatus.PARTLY
    return PolicyStatus.IN_FORCE if evidence(policy, day) else PolicyStatus.UNVERIFIED


def _ended(policy: Json, day: date) -> bool:
    replaced = _happened([*policy["superseded_by"], *policy["repealed_by"]], day)
    return replaced or held(start_of(policy), policy["expires"], day) is Held.NO


def _happened(documents: Iterable[Json], day: date) -> bool:
    """Whether one of the documents was there; one without a date is, since it is known to be."""
    return any(held(document["date"], None, day) is not Held.NO for document in documents)


def evidence(policy: Json, day: date) -> list[Json]:
    """What says that it was in force on the day: its own cited terms, while their source is not stale.

    :returns: ``[{"type": "expires"|"period", "date": EDTF}]``
    """
    stale = policy["stale_after"] and day > date.fromisoformat(policy["stale_after"])
    if stale or begun(policy, day) is not Held.CERTAINLY:
        return []
    found = []
    if policy["expires"] and held(start_of(policy), policy["expires"], day) is Held.CERTAINLY:
        found.append({"type": "expires", "date": policy["expires"]})
    if policy["period"] and _within(policy["period"], day):
        found.append({"type": "period", "date": policy["period"]})
    return found


def _within(period: str, day: date) -> bool:
    value = edtf.parse(period)
    return value.lower is not None and value.upper is not None and value.lower <= day <= value.upper


def last_day(period: str) -> str | None:
    """The last day of a planning period, as EDTF; None while its end is open."""
    upper = edtf.parse(period).upper
    return upper.isoformat() if upper else None


def period_ended(policy: Json, day: date) -> bool | None:
    """规划期届满: the planning period is over, which does not end the policy; None where it has none."""
    if not policy["period"]:
        return None
    last = last_day(policy["period"])
    return last is not None and last < day.isoformat()


# --- titles -------------------------------------------------------------------------------------------------------


def approved_within(designation: Json) -> str | None:
    """What bounds an unknown date of approval, as EDTF: its batch, else the batches around it, else the first batch.

    :param designation: as rendered, its programme with ``batches: [{key, date}]`` in order.
    """
    batches = designation["programme"].get("batches", [])
    at = next((at for at, batch in enumerate(batches) if batch["key"] == designation["batch"]), None)
    if designation["approved"] or not batches:
        return None
    if at is None:
        return f"{batches[0]['date']}/.." if all(batch["date"] for batch in batches) else None
    if batches[at]["date"]:
        return str(batches[at]["date"])
    before = next((batch["date"] for batch in reversed(batches[:at]) if batch["date"]), "..")
    after = next((batch["date"] for batch in batches[at:] if batch["date"]), "..")
    return None if before == after == ".." else f"{before}/{after}"


def title_status(holder: Json, day: date) -> str:
    """A title is held once approved or listed; applying for it (创建中) is not holding it."""
    for designation in holder["designations"]:
        begins = designation["approved"] or designation["approved_within"]
        if held(begins, None, day) is Held.NO:
            continue
        if held(begins, designation["withdrawn"], day) is Held.NO:
            return TitleStatus.WITHDRAWN
        if designation["wording"] == Wording.APPLYING:
            return TitleStatus.APPLYING
        if designation["approved"] or designation["wording"]:
            return TitleStatus.APPROVED
    return TitleStatus.UNVERIFIED
