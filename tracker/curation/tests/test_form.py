"""The form over a payload: what it shows, what it understands, and the payload that comes back."""

from __future__ import annotations

import pytest

from tracker.curation.forms import keys
from tracker.curation.forms.entry import EntryForm
from tracker.curation.forms.lists import with_one_more
from tracker.curation.forms.text import pretty
from tracker.curation.validation import Problem, is_drawable
from tracker.entries.fields import Json
from tracker.values import canonical

from . import factories
from .factories import WHOLE, area, park, policy, relation
from .posting import posted

pytestmark = pytest.mark.usefixtures("world")

FULL = park(
    aliases=["江畔", "River"], opened="2017-12~", stage="open", location={"lat": 32, "lng": 118, "address": "江边1号"},
    areas=[area("site-2019", 11, qualifier="about", printed="约11平方公里"), area("site-2021", 159)],
    tenants=[{"key": "first", "organisation": "city-government"},
             {"key": "second", "organisation": {"title": "某公司"}, "from": "2020-40"}],
    citations=[*WHOLE, {"path": "/opened", "source": "notice-2019", "locator": {"table": 3, "row": "2"},
                        "stated": "2018", "rank": "preferred", "reason": "公告在后"},
               {"path": "/areas/site-2019/value", "source": "notice-2019", "stated": 12},
               {"path": "/aliases", "source": "notice-2019", "stated": ["江畔"]}],
    rulings=[{"path": "/opened", "action": "rule", "reason": "从公告"}],
)  # fmt: skip


def _typed(payload: Json, **inputs: str) -> EntryForm:
    new = not payload["key"]
    form = EntryForm(payload, {**posted(EntryForm(payload, new=new)), **inputs}, new=new)
    assert form.is_valid(), (form.facts.errors, [row.errors for rows in form.lists.values() for row in rows.forms])
    return form


@pytest.mark.parametrize("payload", [FULL, park(), policy(relations=[relation("amends", {"title": "旧意见"})])])
def test_a_form_nobody_touched_gives_the_identical_payload(payload: Json) -> None:
    assert canonical.dumps(_typed(payload).payload()) == canonical.dumps(payload)


def test_dates_are_understood_as_people_write_them() -> None:
    assert _typed(park(), opened="2019年上半年").payload()["opened"] == "2019-40"


def test_a_date_that_is_not_understood_is_kept_and_explained() -> None:
    form = EntryForm(park(), {**posted(EntryForm(park())), "opened": "去年"})
    assert not form.is_valid()
    assert form.facts["opened"].value() == "去年"
    assert "看不懂“去年”" in form.facts.errors["opened"][0]


def test_full_width_digits_are_numbers() -> None:
    typed = _typed(FULL, **{"areas-0-value": "１,１５０.５０"}).payload()
    assert typed["areas"][0]["value"] == canonical.loads("1150.5")


def test_a_reference_is_found_by_its_name_or_by_key_and_name() -> None:
    assert _typed(park(places=[]), places="南京市").payload()["places"] == ["320100"]
    assert _typed(park(), places="320000 江苏省\r\n320100 南京市").payload()["places"] == ["320000", "320100"]


def test_a_name_two_entries_have_is_asked_back() -> None:
    factories.live(park("a", "同名园"), park("b", "同名园"))
    form = EntryForm(policy(), {**posted(EntryForm(policy())), "parks": "同名园"})
    assert not form.is_valid()
    assert "a、b" in form.facts.errors["parks"][0]


def test_a_title_that_is_not_here_yet_stays_a_title_where_titles_will_do() -> None:
    typed = _typed(FULL, **{"tenants-0-organisation": "尚未收录的公司"}).payload()
    assert typed["tenants"][0]["organisation"] == {"title": "尚未收录的公司"}
    form = EntryForm(park(), {**posted(EntryForm(park())), "operators": "尚未收录的公司"})
    assert not form.is_valid()


def test_a_row_is_added_without_script_and_keeps_what_was_typed() -> None:
    data = {**posted(EntryForm(park())), "name": "改了一半"}
    form = EntryForm(park(), with_one_more(data, "areas"))
    assert form.is_valid()
    assert len(form.lists["areas"].forms) == 1
    assert form.facts["name"].value() == "改了一半"


def test_a_blank_new_row_is_nothing() -> None:
    form = EntryForm(park(), with_one_more(posted(EntryForm(park())), "areas"))
    assert form.is_valid()
    assert "areas" not in form.payload()


def test_a_new_row_without_a_key_gets_one_that_was_never_used() -> None:
    factories.live(park(areas=[area("site-2021", 1)]))
    data = with_one_more(posted(EntryForm(park())), "areas")
    data |= {"areas-0-measure": "site", "areas-0-value": "5", "areas-0-unit": "km2", "areas-0-from": "2021"}
    form = EntryForm(park(), data)
    assert form.is_valid()
    assert form.payload()["areas"][0]["key"] == "site-2021-2"


def test_rows_are_deleted_and_moved() -> None:
    typed = _typed(FULL, **{"areas-0-ORDER": "9", "tenants-0-DELETE": "on"}).payload()
    assert [child["key"] for child in typed["areas"]] == ["site-2021", "site-2019"]
    assert [child["key"] for child in typed["tenants"]] == ["second"]


def test_what_a_source_states_is_typed_like_the_fact() -> None:
    typed = _typed(FULL, **{"citations-1-stated": "2018年底", "citations-2-stated": "12.5"}).payload()
    assert typed["citations"][1]["stated"] == "2018-12~"
    assert typed["citations"][2]["stated"] == canonical.loads("12.5")


def test_a_new_entry_gets_a_key_from_its_english_name_or_pinyin() -> None:
    start = {"kind": "park", "key": "", "citations": [{"path": "", "source": ""}]}
    assert _typed(start, name="麒麟科创园", name_en="Qilin Park").payload()["key"] == "qilin-park"
    assert _typed(start, name="麒麟科创园").payload()["key"] == "qi-lin-ke-chuang-yuan"
    assert _typed(start, name="麒麟", key="mine").payload()["key"] == "mine"


def test_problems_stand_beside_their_inputs() -> None:
    form = _typed(FULL)
    form.show_problems([
        Problem("/opened", "no citation covers this fact"), Problem("/areas/site-2021/value", "x"),
        Problem("/areas/0/measure", "is missing"), Problem("/citations/1/locator/table", "y"),
        Problem("/location/lat", "z"), Problem("/areas", "面积不能为负。"), Problem("", "总的"),
    ])  # fmt: skip
    assert "没有来源" in form.facts.errors["opened"][0]
    assert form.lists["areas"].forms[1].errors["value"] == ["x"]
    assert form.lists["areas"].forms[0].errors["measure"] == ["必填"]
    assert form.citations.forms[1].errors["table"] == ["y"]
    assert form.facts.errors["location__lat"] == ["z"]
    assert form.lists["areas"].list_errors == ["面积不能为负。"]
    assert form.general == ["总的"]
    assert form.error_count() == 7


def test_a_payload_that_a_form_cannot_show_whole_is_not_drawn() -> None:
    assert is_drawable(FULL)
    assert not is_drawable({"kind": "park", "key": "a", "places": "320100"})
    assert not is_drawable({"kind": "park", "key": "a", "colour": "green"})
    assert not is_drawable({"kind": "park", "key": "a", "areas": [{"value": 1}]})


def test_pretty_json_keeps_every_digit() -> None:
    payload = park(areas=[area("site", canonical.loads("159.480001"))])
    assert canonical.dumps(canonical.loads(pretty(payload))) == canonical.dumps(payload)
    assert "159.480001" in pretty(payload)


def test_keys_are_slugs() -> None:
    assert keys.slug("《南京市》 AI+ 2020") == "nan-jing-shi-ai-2020"
    assert keys.of_child({"name": "核心"}, {"he-xin"}) == "he-xin-2"
    assert keys.of_child({}, set()) == "item"


def test_citations_stand_beside_what_they_prove_and_the_rest_below() -> None:
    payload = park(opened="2020", areas=[area("site", 12)], location={"lat": 32, "lng": 118}, citations=[
        {"path": "", "source": "report-2021"}, {"path": "/opened", "source": "notice-2019"},
        {"path": "/areas/site/value", "source": "notice-2019"}, {"path": "/areas/site", "source": "report-2021"},
        {"path": "/areas", "source": "report-2021"}, {"path": "/location", "source": "report-2021"}])  # fmt: skip
    form = EntryForm(payload)
    parts = {part.name: part for part in form.parts()}
    opened = form.facts.fields["opened"].beside  # type: ignore[attr-defined]
    assert ([row.value["source"] for row in opened.rows], opened.covered) == (["notice-2019"], 1)
    (child,) = parts["areas"].shown
    assert [row.value["path"] for row in child.beside.rows] == ["/areas/site"]
    assert [row.value["path"] for row in child.fields["value"].beside.rows] == ["/areas/site/value"]
    for name in ("areas", "location"):
        beside = parts[name].beside
        assert beside is not None
        assert [row.value["path"] for row in beside.rows] == [f"/{name}"]
    assert [row.value["path"] for row in form.evidence()[0].shown] == [""]


def test_a_citation_is_added_at_a_fact_without_script() -> None:
    payload = park(opened="2020")
    data = with_one_more(posted(EntryForm(payload)), "citations@/opened")
    form = EntryForm(payload, data)
    parts = list(form.parts())
    assert parts
    beside = form.facts.fields["opened"].beside  # type: ignore[attr-defined]
    assert beside.is_open
    assert [row["path"].value() for row in beside.rows] == ["/opened"]
