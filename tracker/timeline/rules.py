"""From a document to its events: one rule per kind of dated fact, as the kind declares them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from tracker.entries import kinds
from tracker.entries.fields import Code, Json
from tracker.entries.kinds import EventRule, Kind, plain_reference
from tracker.values import edtf
from tracker.values.paths import covering_paths


def events_of(document: Json) -> list[Json]:
    """The events of one entry as the API shows them, oldest first; undated facts make none."""
    kind = kinds.get(document["kind"])
    found: list[Json] = []
    for rule in kind.events:
        told = {(event["type"], event["date"]) for event in found}
        found += [event for event in _by_rule(rule, kind, document) if not _retold(event, rule, told)]
    return sorted(found, key=sort_key)


def _retold(event: Json, rule: EventRule, told: set[tuple[str, str]]) -> bool:
    """Whether an earlier rule told the same: an opening as a fact of the park, and again as a milestone."""
    return any((type_, event["date"]) in told for type_ in rule.retells.get(event["type"], ()))


def sort_key(event: Json) -> str:
    """First day, finer precision first, then meaning (issued before effective), then id; unique."""
    return (
        f"{edtf.sort_text(edtf.parse(event['date']))}+{_rank(event['entry']['kind'], event['type']):02d}+{event['id']}"
    )


@cache
def _rank(kind: str, type_: str) -> int:
    """The rank of the rule behind an event; milestones name their own type and share one rule."""
    rules = kinds.get(kind).events
    own = next((rule.rank for rule in rules if rule.type == type_ and not rule.type_from), None)
    return own if own is not None else next((rule.rank for rule in rules if rule.type_from), 50)


def _by_rule(rule: EventRule, kind: Kind, document: Json) -> Iterator[Json]:
    name, _, member = rule.path.partition("/")
    if not member:
        dated = rule.at(document[name]) if document[name] and rule.when(document, {}) else None
        if dated:
            yield _event(rule, kind, document, {}, dated, f"/{name}", "")
        return
    for item in document[name]:
        if item[member] and rule.when(document, item):
            yield _event(rule, kind, document, item, item[member], f"/{name}/{item['key']}/{member}", item["key"])


def _event(rule: EventRule, kind: Kind, document: Json, item: Json, stated: str, path: str, child: str) -> Json:
    value = edtf.parse(stated)
    type_ = item[rule.type_from].replace("_", "-") if rule.type_from else rule.type
    cause, covering = _cause(rule, kind, document, item), covering_paths(path)
    conflict = next((conflict for conflict in document["conflicts"] if conflict["path"] == path), None)
    words = {"entry": _speakable(document), "item": _speakable_item(item, kind, rule)}
    return {
        "id": "/".join(filter(None, (document["kind"], document["key"], type_, child))),
        "date": stated,
        "lower": value.lower and value.lower.isoformat(),
        "upper": value.upper and value.upper.isoformat(),
        "date_text": {"zh": edtf.in_chinese(stated), "en": edtf.in_english(stated)},
        "title": {"zh": rule.zh.format_map(words), "en": rule.en.format_map(words)},
        "type": type_,
        "entry": kind.reference(document),
        "places": document.get("places", []),
        "caused_by": cause,
        "conflict": conflict,
        "citations": [citation for citation in document["citations"] if citation["path"] in covering],
    }


def _cause(rule: EventRule, kind: Kind, document: Json, item: Json) -> Json | None:
    """The document that brought the event about: the one that supersedes, that names the title, that declares."""
    if rule.path.partition("/")[0] in {backref.name for backref in kind.backrefs}:
        return plain_reference(item)
    cause: Json | None = item.get("document") or (document.get("declared_by") if not item else None)
    return cause


def _speakable(document: Json) -> Json:
    """The document with every name it lacks filled by one it has, for the titles."""
    said = dict(document)
    for name in ("name", "title"):
        if name in said:
            said[f"{name}_en"] = said.get(f"{name}_en") or said[name]
            said["name"], said["name_en"] = said[name], said[f"{name}_en"]
    subject: Any = said.get("subject")
    if subject:
        said["place_name"] = subject["name"]
        said["place_name_en"] = subject.get("name_en") or subject["name"]
    if "pattern" in said:
        said["pattern"] = said["pattern"] or said["title"]
    return said


def _speakable_item(item: Json, kind: Kind, rule: EventRule) -> Json:
    said = {name: _with_english(value) if isinstance(value, dict) else value for name, value in item.items()}
    if rule.type_from:
        label = _label(kind, rule, item[rule.type_from])
        said["said"] = item.get("text") or label[0]
        said["said_en"] = said["said"] if item[rule.type_from] == "other" else label[1]  # “other” says nothing
    if "name" in said and not said["name"]:
        said["name"] = said["key"]
    return said


def _with_english(reference: Json) -> Json:
    if "name" not in reference:
        return reference
    return {**reference, "name_en": reference.get("name_en") or reference["name"]}


def _label(kind: Kind, rule: EventRule, code: str) -> tuple[str, str]:
    children = next(child for child in kind.children() if child.name == rule.path.partition("/")[0])
    member = next(field for field in children.fields if field.name == rule.type_from)
    assert isinstance(member, Code)
    choice: Any = member.choices(code)
    return choice.zh, choice.en
