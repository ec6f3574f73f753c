"""The difference view: fact by fact, children by key, proof beside."""

from __future__ import annotations

import pytest

from tracker.curation import wording
from tracker.curation.comparison import ADDED, CHANGED, REMOVED, Comparison
from tracker.entries import kinds
from tracker.entries.fields import Json

from .factories import WHOLE, area, park, policy, relation

pytestmark = pytest.mark.usefixtures("world")


def _compared(old: Json, new: Json) -> Comparison:
    return Comparison(kinds.get(new["kind"]), old, new)


def test_equal_payloads_do_not_differ() -> None:
    compared = _compared(park(), park())
    assert compared.changed_sections() == []
    assert compared.citation_changes() == []


def test_a_changed_fact_stands_old_beside_new_with_its_proof() -> None:
    own = [*WHOLE, {"path": "/opened", "source": "notice-2019", "locator": {"table": 3, "row": 2}, "printed": "年底"}]
    (section,) = _compared(park(opened="2019"), park(opened="2019-12~", citations=own)).changed_sections()
    (row,) = section.changed_rows
    assert (row.label, row.old, row.new) == ("投用", ("2019（2019年）",), ("2019-12~（2019年12月前后）",))
    assert row.old_proof == ("报告 · 3.3 · “原文如此”",)
    assert row.new_proof == ("通告 · 表 3 · 行 2 · “年底”",)


def test_children_are_aligned_by_key_not_by_position() -> None:
    old = park(areas=[area("a", 1), area("b", 2), area("c", 3)])
    new = park(areas=[area("c", 3), area("a", 1), area("d", 4)])
    sections = {(section.key, section.change) for section in _compared(old, new).changed_sections()}
    assert sections == {("b", REMOVED), ("d", ADDED), ("", CHANGED)}  # the last: their order


def test_references_are_named_and_titles_said_to_be_missing() -> None:
    new = policy(relations=[relation("amends", {"title": "旧意见"})])
    said = [text for section in _compared({}, new).sections() for row in section.rows for text in row.new]
    assert "南京市（320100）" in said
    assert "《旧意见》（尚未收录）" in said
    assert "修改 amends" in said


def test_citations_and_rulings_that_come_and_go_are_listed() -> None:
    more = [{"path": "/name", "source": "notice-2019", "stated": "江畔", "rank": "preferred"}]
    ruling = [{"path": "/name", "action": "rule", "reason": "从公告"}]
    found = _compared(park(), park(citations=more, rulings=ruling)).citation_changes()
    assert [(change.change, change.about) for change in found] == [
        (REMOVED, "整个条目"), (ADDED, "名称"), (ADDED, "名称"),
    ]  # fmt: skip
    assert found[1].text == "通告 · 该来源作 江畔 · 首选"


def test_paths_are_said_in_words() -> None:
    kind = kinds.get("park")
    assert wording.label(kind, "/areas/site-2019/value") == "面积 › site-2019 › 数值"
    assert wording.label(kind, "/location/lat") == "位置 › 纬度"
    assert wording.label(kind, "/aliases/0") == "别名 › 第1项"
    assert wording.label(kind, "") == ""


def test_problems_are_said_in_chinese() -> None:
    assert wording.in_chinese("there is no place '320999'") == "没有 place“320999”"
    assert wording.in_chinese("something new") == "something new"
