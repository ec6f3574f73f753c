"""An editor's word on sources that disagree: a change of the payload like any other, proposed, reviewed and published.

``rule`` says which value is served and why; ``declare`` says that there is a conflict where the program sees none;
``dismiss`` that there is none where it sees one; ``withdraw`` takes such a word back.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Unpack

from django.db import transaction

from tracker.accounts.models import User
from tracker.entries.fields import Json
from tracker.entries.models import Entry
from tracker.values import canonical
from tracker.values.codes import BilingualChoices, Nature, Rank
from tracker.values.errors import Refused
from tracker.values.paths import value_at

from . import proposals
from .models import Proposal
from .via import Via, way


class Word(BilingualChoices):
    RULE = "rule", "裁定 rule"
    DECLARE = "declare", "认定冲突 declare a conflict"
    DISMISS = "dismiss", "不算冲突 dismiss"
    WITHDRAW = "withdraw", "收回裁定 withdraw the ruling"


@dataclass(frozen=True)
class Ruling:
    """
    :param preferred: the position, among all citations of the payload, of the one whose value is to be served.
    """

    path: str
    word: Word
    reason: str
    preferred: int | None = None


@transaction.atomic
def propose(*, actor: User, entry: Entry, ruling: Ruling, **via: Unpack[Via]) -> Proposal:
    """Hand a ruling over for review, written on the live payload.

    :raises Refused: the actor may not propose, there is no reason, nothing at the path, or nothing would change.
    :raises Invalid: the payload would be wrong.
    """
    if not ruling.reason.strip():
        raise Refused("请写明理由 give a reason")
    live = canonical.loads(entry.revisions.get(number=entry.revision).payload)
    changed = ruled(live, ruling)
    if changed == live:
        raise Refused("与现行裁定相同，没有可提交的改动 nothing would change")
    told, taken = f"{ruling.word.zh} {ruling.path}：{ruling.reason}"[:240], way(via)
    draft = proposals.propose(actor=actor, payload=changed, nature=Nature.EVIDENCE, reason=told, **taken.again)
    return proposals.submit(actor=actor, proposal=draft, **taken.again)


def ruled(payload: Json, ruling: Ruling) -> Json:
    """The payload with an editor's word on the fact at a path.

    :raises Refused: there is no such fact, or the preferred citation is of another.
    """
    if value_at(payload, ruling.path) is None or not ruling.path:
        raise Refused(f"条目中没有 {ruling.path or '/'} 这一事实 there is no such fact")
    changed = deepcopy(payload)
    others = [word for word in changed.get("rulings", []) if word["path"] != ruling.path]
    if ruling.word != Word.WITHDRAW:
        others.append({"path": ruling.path, "action": ruling.word.value, "reason": ruling.reason.strip()})
    changed["rulings"] = others
    if not others:
        del changed["rulings"]
    if ruling.preferred is not None:
        _prefer(changed, ruling)
    return changed


def _prefer(changed: Json, ruling: Ruling) -> None:
    """Serve what one citation states; what was served until now stays as the statement of those it came from."""
    citations, served = changed.get("citations", []), value_at(changed, ruling.path)
    position = ruling.preferred
    if position is None or not 0 <= position < len(citations) or citations[position]["path"] != ruling.path:
        raise Refused("所选的引证不是这一事实的 that citation is of another fact")
    chosen = citations[position]
    for citation in citations:
        if citation["path"] == ruling.path and citation is not chosen:
            citation.setdefault("stated", served)
            if citation.get("rank") == Rank.PREFERRED:
                del citation["rank"]
    if "stated" in chosen:
        _set_at(changed, ruling.path, chosen.pop("stated"))
    chosen["rank"] = Rank.PREFERRED.value


def _set_at(payload: Json, path: str, value: Any) -> None:
    head, _slash, last = path.rpartition("/")
    holder = value_at(payload, head) if head else payload
    if isinstance(holder, list):
        at = next((at for at, child in enumerate(holder) if isinstance(child, dict) and child.get("key") == last), None)
        holder[int(last) if at is None else at] = value
    else:
        holder[last] = value
