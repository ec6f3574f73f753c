"""How a query wants its documents: cut to a day, to some members."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from tracker.entries.fields import Json
from tracker.entries.kinds import Kind
from tracker.rest.problems import bad_parameter
from tracker.values import canonical

from .as_of import cut
from .filters import day_of


class Shape:
    """How a query wants its documents cut: to a day, to some members."""

    def __init__(self, day: Any, keep: list[str], omit: list[str]) -> None:
        self.day, self.keep, self.omit = day, keep, omit

    @classmethod
    def of(cls, kind: Kind, parameters: QueryDict) -> Shape:
        """Read as_of, fields and omit.

        :raises Invalid: a member the kind's documents do not have.
        """
        allowed = document_members(kind)
        lists = []
        for name in ("fields", "omit"):
            wanted = [word for word in parameters.get(name, "").split(",") if word]
            for word in wanted:
                if word not in allowed:
                    raise bad_parameter(name, f"{word!r} is not a member of a {kind.name}")
            lists.append(wanted)
        return cls(day_of(parameters), *lists)

    def apply(self, document: str) -> str | None:
        """The document as asked for; None when the entry was not there on the day."""
        if not (self.day or self.keep or self.omit):
            return document
        parsed: Json | None = canonical.loads(document)
        if self.day:
            parsed = cut(parsed, self.day)  # type: ignore[arg-type]
        if parsed is None:
            return None
        kept = {
            name: value
            for name, value in parsed.items()
            if (not self.keep or name in self.keep or name in ("kind", "key")) and name not in self.omit
        }
        return canonical.dumps_ordered(kept)


def document_members(kind: Kind) -> list[str]:
    """The names of a document's top-level members."""
    envelope = ["kind", "key", "url", "status", "schema", "version", "revision", "published_at", "updated_at",
                "verified_at", "stale_after", "note", "citations", "conflicts", "certain"]  # fmt: skip
    return [*envelope, *(member.name for member in (*kind.head, *kind.fields)), *(name for name, _ in kind.derived),
            *(backref.name for backref in kind.backrefs)]  # fmt: skip
