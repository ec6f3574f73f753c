"""docs/data-report.md says what the founding data hold, and is written anew whenever they change."""

from __future__ import annotations

import pytest

from tracker.curation import reporting, totals
from tracker.management.commands.data_report import REPORT

pytestmark = pytest.mark.usefixtures("founding")


def test_the_report_in_the_repository_is_that_of_the_founding_data() -> None:
    written, wanted = REPORT.read_text(encoding="utf-8"), reporting.report()
    assert written == wanted, "load the founding data into an empty database and run: manage.py data_report"


def test_every_stated_total_finds_its_entries() -> None:
    entries = [entry.held for entry in reporting.gather()]
    outcomes = totals.evaluate(totals.declared(), entries)
    assert [outcome.total["statement"] for outcome in outcomes if outcome.computed is None] == []


def test_what_the_documents_add_up_wrongly_is_told_and_not_corrected() -> None:
    entries = [entry.held for entry in reporting.gather()]
    outcomes = {outcome.total["statement"]: outcome for outcome in totals.evaluate(totals.declared(), entries)}
    assert not outcomes["杭州经济开发区：规划工业用地减已供"].closes
    assert not outcomes["八城核心企业占全国"].closes
    assert not outcomes["天津人工智能科研平台（小标题）"].closes
    assert outcomes["城东智造大走廊八个平台合计：可开发工业用地"].closes
    assert outcomes["深圳AI百强榜三层小计之和（59＋19＋22）"].closes
