"""What is typed from a document cites it: a citation for each fact that differs, at the place one has come to. Pure.

A fact that was corrected keeps its earlier citations, with what they say; one that reality has overtaken keeps them as
deprecated. Typos, translations and classifications cite the editor's judgement, with a reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tracker.entries.fields import Json
from tracker.entries.kinds import Kind
from tracker.values.codes import Rank
from tracker.values.paths import covering_paths, value_at

JUDGEMENT = "editor-judgement"
"""Key of the source that stands for what editors judge."""
_OVERTAKEN = "此后有变 overtaken since"


@dataclass(frozen=True)
class Proof:
    """What the facts of one sitting rest on.

    :param judged: paths of facts that are the editor's own judgement.
    :param why: the reason of that judgement.
    :param overtaken: whether reality changed, so that earlier sources were right in their day.
    """

    source: str
    locator: Json
    judged: frozenset[str] = frozenset()
    why: str = ""
    overtaken: bool = False

    def citation(self, path: str) -> Json:
        if any(covering in self.judged for covering in covering_paths(path)):
            return {"path": path, "source": JUDGEMENT, "reason": self.why}
        return {"path": path, "source": self.source, **({"locator": self.locator} if self.locator else {})}


def cited(kind: Kind, before: Json, after: Json, proof: Proof) -> Json:
    """``after`` with citations for what differs from ``before``; those typed by hand are left as they are."""
    citations = [citation for citation in after.get("citations", []) if _holds(after, citation)]
    by_hand = {citation["path"] for citation in citations if citation not in before.get("citations", [])}
    for path in _paths(kind, before, after, proof.judged):
        if path in by_hand:
            continue
        made = proof.citation(path)
        if _stands_already(citations, made):
            continue
        kept = [_aged(citation, before, path, proof) for citation in citations if not _replaced(citation, made)]
        rival = any(citation["path"] == path and citation.get("rank") != Rank.DEPRECATED for citation in kept)
        citations = [*kept, made | ({"rank": Rank.PREFERRED.value} if rival else {})]
    return after | {"citations": citations}


def _holds(payload: Json, citation: Json) -> bool:
    """Whether it has a source, and the fact that it is about is still there."""
    path = citation["path"]
    return bool(citation.get("source")) and (not path or value_at(payload, path) is not None)


def _paths(kind: Kind, before: Json, after: Json, judged: frozenset[str]) -> Iterator[str]:
    """What needs a citation: a new entry as a whole, a new child as a whole, else each fact that differs."""
    leaves = [leaf for leaf in kind.leaves(after) if value_at(after, leaf) != value_at(before, leaf)]
    fresh = not any(kind.leaves(before))
    told: set[str] = set()
    for leaf in leaves:
        path = leaf if leaf in judged else "" if fresh else _whole_child(leaf, before)
        if path not in told:
            told.add(path)
            yield path


def _whole_child(leaf: str, before: Json) -> str:
    """The child that a fact stands in, where all of it is new; else the fact."""
    child = "/".join(leaf.split("/")[:3])
    return child if leaf.count("/") > 2 and value_at(before, child) is None else leaf


def _stands_already(citations: list[Json], made: Json) -> bool:
    """Whether the same source is cited at the same place for what contains the fact, and nothing else for the fact."""
    if any(citation["path"] == made["path"] for citation in citations):
        return False
    bare = {name: value for name, value in made.items() if name != "path"}
    return any({**bare, "path": path} in citations for path in covering_paths(made["path"])[1:])


def _replaced(citation: Json, made: Json) -> bool:
    return bool(citation["path"] == made["path"] and citation["source"] == made["source"])


def _aged(citation: Json, before: Json, path: str, proof: Proof) -> Json:
    """An earlier citation of a fact that now says something else: it goes on saying what it said."""
    old = value_at(before, path) if path else None
    if citation["path"] != path or not _plain(old):
        return citation
    told = citation if "stated" in citation else citation | {"stated": old}
    if proof.overtaken and told.get("rank") != Rank.DEPRECATED:
        return told | {"rank": Rank.DEPRECATED.value, "reason": told.get("reason", _OVERTAKEN)}
    return {name: value for name, value in told.items() if (name, value) != ("rank", Rank.PREFERRED)}


def _plain(value: Any) -> bool:
    return value is not None and not isinstance(value, list | dict)
