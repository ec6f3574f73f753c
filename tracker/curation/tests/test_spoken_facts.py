"""A value in a line, as editors read it where sources disagree: never as JSON."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from tracker.curation import spoken
from tracker.entries import kinds


@pytest.mark.parametrize(("path", "value", "zh", "en"), [
    ("/opened", "2018-09", "2018-09", "2018-09"),
    ("/opened", None, "—", "—"),
    ("/areas/site/value", 12, "12", "12"),
    ("/areas/site", {"key": "site", "measure": "site", "value": 12, "unit": "km2", "date": None},
     "口径 规划面积 · 数值 12 · 单位 km2", "Measure planned site · Value 12 · Unit km2"),
    ("/operators", [{"key": "x", "name": "管委会", "name_en": "Committee"}, {"title": "某公司"}],
     "管委会、某公司", "Committee, 某公司"),
    ("/location", {"address": "科技路1号", "lat": None}, "地址 科技路1号", "Address 科技路1号"),
    ("/positioning", [], "—", "—"),
])  # fmt: skip
def test_a_value_is_told_in_a_line_and_a_child_by_its_members(path: str, value: Any, zh: str, en: str) -> None:
    park = kinds.get("park")
    assert spoken.fact(park, path, value) == zh
    with translation.override("en"):
        assert spoken.fact(park, path, value) == en
