"""What the quick test accepts, the thorough one accepts too."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tracker.curation import fixtures
from tracker.entries import kinds
from tracker.testing.plugin import ROOT
from tracker.values.quick_schema import compiled

PAYLOADS = [entry.payload for entry in fixtures.read(ROOT / "fixtures") if entry.identity[0] != "place"]
VALUES = st.sampled_from([None, "", " ", "x" * 400, "Bad Key", 5, -1, 1.5, True, [], {}, [1], ["a", "a"],
                          [{"key": "a"}], {"title": "x"}, {"lat": 91}, "park/x", "320100"])  # fmt: skip


def test_every_founding_payload_is_accepted_at_once() -> None:
    accepts = {kind.name: compiled(kind.payload_json_schema()) for kind in kinds.every()}
    assert [payload["key"] for payload in PAYLOADS if not accepts[payload["kind"]](payload)] == []


@given(st.sampled_from(PAYLOADS), st.data())
def test_what_it_accepts_is_valid(payload: dict[str, Any], data: st.DataObject) -> None:
    schema = kinds.get(payload["kind"]).payload_json_schema()
    name = data.draw(st.sampled_from([*schema["properties"], "no-such-member"]))
    changed = {**payload, name: data.draw(VALUES)}
    if compiled(schema)(changed):
        assert Draft202012Validator(schema).is_valid(changed)
