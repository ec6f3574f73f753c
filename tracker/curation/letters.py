"""What a partner sends and what is answered: from JSON to wishes, from verdicts to results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tracker.delivery.conditional import version_in
from tracker.entries.fields import Json
from tracker.rest import bodies, problems
from tracker.values.codes import Nature
from tracker.values.errors import Invalid, TrackerError

from .contract import BATCH, WISH
from .handing_over import Verdict, Wish

CREATED, CHECKED = "created", "checked"


@dataclass(frozen=True)
class Letter:
    """One proposal or many; those that cannot be read have an error in their place."""

    items: tuple[Wish | Invalid, ...]
    single: bool

    @property
    def wishes(self) -> list[Wish]:
        return [item for item in self.items if isinstance(item, Wish)]

    def refuse_unread(self) -> None:
        """:raises Invalid: an item cannot be read; all are named."""
        errors = [(f"proposals/{index}/{where}", text) for index, item in enumerate(self.items)
                  if isinstance(item, Invalid) for where, text in item.errors]  # fmt: skip
        if errors:
            raise Invalid("有误，一条也没有收下 there is something wrong, so none was taken", errors)

    def results(self, verdicts: Sequence[Verdict], good: str) -> list[Json]:
        """A result for each item, in their order; ``verdicts`` are those of the wishes."""
        judged = iter(verdicts)
        return [_refused(item) if isinstance(item, Invalid) else result(next(judged), good) for item in self.items]


def read(body: Any, if_match: str | None) -> Letter:
    """A body as one proposal or many.

    :raises Invalid: it is neither, or the one proposal is malformed; If-Match comes with many.
    """
    if not (isinstance(body, dict) and "proposals" in body):
        return Letter((_wish(body, if_match),), single=True)
    if if_match is not None:
        sentence = "多条时请写在每条的 if_match 中 with many, write if_match into each"
        raise Invalid(f"If-Match: {sentence}", [("If-Match", sentence)])
    return Letter(tuple(map(_wish_or_error, bodies.validated(body, BATCH)["proposals"])), single=False)


def _wish_or_error(item: Any) -> Wish | Invalid:
    try:
        return _wish(item, None)
    except Invalid as error:
        return error


def _wish(item: Any, if_match: str | None) -> Wish:
    found = bodies.validated(item, WISH)
    tag = found.get("if_match", if_match)
    version = None if tag is None or "base_revision" in found else version_in(tag)
    if tag is not None and version is None:
        sentence = "请写条目的 ETag，不与 base_revision 并用 the ETag of an entry, and not beside base_revision"
        raise Invalid(f"if_match: {sentence}", [("if_match", sentence)])
    return Wish(found["payload"], found["reason"], found.get("nature", Nature.CORRECTION), found.get("base_revision"),
                version)  # fmt: skip


def result(verdict: Verdict, good: str) -> Json:
    """What became of one proposal; ``good`` is what is said of one that is right: created, or only checked."""
    payload, proposal = verdict.wish.payload, verdict.proposal
    of = {name: payload[name] if isinstance(payload.get(name), str) else None for name in ("kind", "key")}
    if verdict.error:
        return _refused(verdict.error) | of
    told: Json = {"status": 200, "outcome": good, **of, "id": None, "url": None, "problem": None}
    if proposal is None:
        return told | {"outcome": "unchanged"}
    return told | ({"status": 201, "id": proposal.pk, "url": url_of(proposal.pk)} if good == CREATED else {})


def _refused(error: TrackerError) -> Json:
    problem: Json = problems.of(error).data
    return {"status": problem["status"], "outcome": "refused", "kind": None, "key": None, "id": None, "url": None,
            "problem": problem}  # fmt: skip


def url_of(pk: int) -> str:
    return f"/api/v1/proposals/{pk}/"
