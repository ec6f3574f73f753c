"""How a query wants its documents: cut to a day, to some members, or brief."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.kinds import Kind
from tracker.rest.problems import bad_parameter
from tracker.values import canonical

from .as_of import cut
from .filters import day_of, yes_or_no

BRIEF = ("status", "version", "updated_at")
"""What the brief form says of an entry besides its reference; reference data has no status."""


class Shape:
    """How a query wants its documents cut: to a day, to some members, or brief."""

    def __init__(self, day: Any, keep: list[str], omit: list[str], *, brief: bool) -> None:
        self.day, self.keep, self.omit, self.brief = day, keep, omit, brief

    @classmethod
    def of(cls, kind: Kind, parameters: QueryDict) -> Shape:
        """Read as_of, fields, omit and brief.

        :raises Invalid: a member the kind's documents do not have; fields or omit beside brief.
        """
        allowed = document_members(kind)
        lists = []
        for name in ("fields", "omit"):
            wanted = [word for word in parameters.get(name, "").split(",") if word]
            for word in wanted:
                if word not in allowed:
                    raise bad_parameter(name, f"{word!r} is not a member of a {kind.name}")
            lists.append(wanted)
        brief = yes_or_no(parameters, "brief")
        if brief and any(lists):
            raise bad_parameter("brief", "does not go with fields or omit")
        return cls(day_of(parameters), *lists, brief=brief)

    def apply(self, document: str) -> str | None:
        """The document as asked for; None when the entry was not there on the day."""
        if not (self.day or self.keep or self.omit or self.brief):
            return document
        parsed: Json | None = canonical.loads(document)
        if self.day:
            parsed = cut(parsed, self.day)  # type: ignore[arg-type]
        if parsed is None:
            return None
        if self.brief:
            return canonical.dumps_ordered(brief(parsed))
        kept = {
            name: value
            for name, value in parsed.items()
            if (not self.keep or name in self.keep or name in ("kind", "key")) and name not in self.omit
        }
        return canonical.dumps_ordered(kept)


def brief(document: Json) -> Json:
    """How others refer to the entry, and what tells that it has changed."""
    reference = kinds.get(document["kind"]).reference(document)
    return reference | {name: document[name] for name in BRIEF if name in document}


def document_members(kind: Kind) -> list[str]:
    """The names of a document's top-level members."""
    envelope = ["kind", "key", "url", "status", "schema", "version", "revision", "published_at", "updated_at",
                "verified_at", "stale_after", "note", "citations", "conflicts", "certain"]  # fmt: skip
    return [*envelope, *(member.name for member in (*kind.head, *kind.fields)), *(name for name, _ in kind.derived),
            *(backref.name for backref in kind.backrefs)]  # fmt: skip
