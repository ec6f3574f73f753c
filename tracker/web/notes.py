"""The evidence marks of a page: small numbers after values, and the sources they lead to at its foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tracker.entries.fields import Json
from tracker.values.paths import covering_paths

from .phrases import NOTHING

_SHOWN = 4  # marks after one value; the rest of its sources stand at the foot
LOCATOR_NAMES = ("section", "table", "row", "column", "span")


@dataclass
class Note:
    """One passage of one source."""

    number: int
    source: Json
    locator: Json
    printed: str
    reason: str
    paths: list[str] = field(default_factory=list)
    deprecated: bool = False

    @property
    def where(self) -> str:
        """The locator as a reader looks it up: 3.3.4(1)，表“…”，第1行."""
        numbered = str(self.locator.get("row", "")).isdigit()
        row = _("第 {} 行") if numbered else _("“{}”行")
        said = {"section": "{}", "table": _("表“{}”"), "row": row, "column": _("“{}”栏"), "span": "{}"}
        found = [said[name].format(self.locator[name]) for name in LOCATOR_NAMES if self.locator.get(name)]
        return _("，").join(found)


@dataclass
class SourceNotes:
    """The passages of one source, for the foot of the page."""

    source: Json
    notes: list[Note]


class Notes:
    """Numbers the citations of a document in the order in which the page first uses them."""

    def __init__(self, citations: Sequence[Json]) -> None:
        self._citations = citations
        self._numbered: dict[tuple[str, str, str], Note] = {}
        self._paths: dict[str, list[Json]] = {}
        for citation in citations:
            self._paths.setdefault(citation["path"], []).append(citation)

    def marks(self, path: str, *, below: bool = False) -> SafeString:
        """The marks of a value: citations of its path, else of the nearest path that contains it.

        :param below: also those of what stands below the path, for a list shown as one value.
        """
        return self._written(self._found(path, below))

    def own_marks(self, path: str) -> SafeString:
        """Only the citations of this very path."""
        return self._written(self._paths.get(path, []))

    def marks_of(self, citations: Sequence[Json]) -> SafeString:
        """The marks of exactly these citations."""
        return self._written(citations)

    def numbers_of(self, citations: Sequence[Json]) -> list[int]:
        """The numbers of exactly these citations, in order."""
        return sorted({self._number(citation).number for citation in citations})

    def _found(self, path: str, below: bool) -> list[Json]:
        for containing in covering_paths(path):
            own = list(self._paths.get(containing, []))
            if below and containing == path:
                own += [item for item in self._citations if item["path"].startswith(f"{path}/")]
            if own:
                return own
        return []

    def _written(self, citations: Sequence[Json]) -> SafeString:
        numbers = self.numbers_of(citations)
        if not numbers:
            return NOTHING
        shown = numbers if len(numbers) <= _SHOWN + 1 else numbers[:_SHOWN]
        links = format_html_join(
            "", '<a href="#note-{0}" aria-label="{1} {0}">{0}</a>', ((number, _("来源")) for number in shown)
        )
        rest = format_html('<span class="rest">+{}</span>', len(numbers) - len(shown))
        return format_html('<sup class="marks">{}{}</sup>', links, rest if len(numbers) > len(shown) else "")

    def _number(self, citation: Json) -> Note:
        identity = (citation["source"]["key"], repr(sorted(citation["locator"].items())), citation["printed"] or "")
        note = self._numbered.get(identity)
        if note is None:
            note = Note(len(self._numbered) + 1, citation["source"], citation["locator"], citation["printed"] or "",
                        citation["reason"] or "", deprecated=citation["rank"] == "deprecated")  # fmt: skip
            self._numbered[identity] = note
        if citation["path"] not in note.paths:
            note.paths.append(citation["path"])
        return note

    def by_source(self) -> list[SourceNotes]:
        """Every note, the unused ones included, under its source."""
        for citation in self._citations:
            self._number(citation)
        grouped: dict[str, SourceNotes] = {}
        for note in self._numbered.values():
            grouped.setdefault(note.source["key"], SourceNotes(note.source, [])).notes.append(note)
        return list(grouped.values())
