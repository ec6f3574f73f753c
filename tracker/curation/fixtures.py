"""The founding data: JSON files of payloads below ``fixtures/``, one source named once per file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.payloads import normalised
from tracker.values import canonical

from .validation import Problem, problems_of


@dataclass(frozen=True)
class FixtureEntry:
    """One payload of a fixture file, its citations completed with the file's source."""

    file: str
    payload: Json

    @property
    def identity(self) -> tuple[str, str]:
        return self.payload.get("kind", ""), self.payload.get("key", "")


@dataclass(frozen=True)
class FixtureProblem:
    file: str
    identity: tuple[str, str]
    problem: Problem

    def __str__(self) -> str:
        kind, key = self.identity
        return f"{self.file}: {kind}/{key}: {self.problem}"


def read(folder: Path) -> list[FixtureEntry]:
    """Read every fixture file below a folder, in order of their names.

    :raises ValueError: naming the file that is not JSON of the fixture's shape.
    """
    return [entry for path in sorted(folder.rglob("*.json")) for entry in _entries(path, folder)]


def _entries(path: Path, folder: Path) -> Iterator[FixtureEntry]:
    name = path.relative_to(folder).as_posix()
    try:
        content: Any = canonical.loads(path.read_text(encoding="utf-8"))
        source, entries = content.get("source"), content["entries"]
        iterator = iter(entries)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{name} is not a fixture ({{about, source, entries: […]}}): {error}") from error
    for payload in iterator:
        citations = [{"source": source, **citation} for citation in payload.get("citations", [])]
        yield FixtureEntry(name, normalised({**payload, "citations": citations}))


def problems_in(entries: Iterable[FixtureEntry]) -> list[FixtureProblem]:
    """Everything wrong in a set of fixtures: shapes, doubles, and references that lead nowhere."""
    entries = list(entries)
    present = {entry.identity for entry in entries}
    vocabularies = {
        entry.payload["key"]: entry.payload.get("vocabulary") for entry in entries if entry.identity[0] == "term"
    }
    found: list[FixtureProblem] = []
    seen: dict[tuple[str, str], str] = {}
    for entry in entries:
        problems = problems_of(entry.payload)
        if entry.identity in seen:
            problems.append(Problem("/key", f"also in {seen[entry.identity]}"))
        seen[entry.identity] = entry.file
        if not problems:
            problems = list(_lost_references(entry.payload, present, vocabularies))
        found += [FixtureProblem(entry.file, entry.identity, problem) for problem in problems]
    return found


def _lost_references(payload: Json, present: set[tuple[str, str]], vocabularies: dict[str, Any]) -> Iterator[Problem]:
    kind = kinds.get(payload["kind"])
    for wanted in kind.wanted(payload):
        target = wanted.target
        if target.key and (target.kind, target.key) not in present:
            yield Problem(wanted.path, f"there is no {target.kind} {target.key!r}")
    for member in kind.all_fields:
        vocabulary = getattr(member, "vocabulary", "")
        if vocabulary and payload.get(member.name) and vocabularies.get(payload[member.name]) != vocabulary:
            yield Problem(f"/{member.name}", f"{payload[member.name]!r} is not a term of {vocabulary}")
    for index, citation in enumerate(payload.get("citations", [])):
        if ("source", citation["source"]) not in present:
            yield Problem(f"/citations/{index}/source", f"there is no source {citation['source']!r}")
