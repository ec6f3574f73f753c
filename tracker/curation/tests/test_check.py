"""``check`` says everything that is wrong and leaves no trace."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from tracker.accounts.models import User
from tracker.curation.check import check
from tracker.delivery import feed
from tracker.entries.fields import Json

from . import factories
from .factories import area, park, policy

pytestmark = pytest.mark.usefixtures("world")


def _paths(payload: Json) -> dict[str, str]:
    return {problem.path: problem.message for problem in check(payload)}


def test_a_payload_that_could_be_published_has_no_problem() -> None:
    assert check(park(areas=[area("site-2021", 11)])) == []


def test_a_check_leaves_no_trace() -> None:
    factories.live(park())
    models = apps.get_models()
    before = ({model: model._default_manager.count() for model in models}, feed.last_number(), _search_rows())
    assert check(park(name="江畔新园")) == []
    assert check(park(key="another")) == []
    assert check(park(areas=[area("site-2021", -1)]))
    assert ({model: model._default_manager.count() for model in models}, feed.last_number(), _search_rows()) == before
    assert factories.document("park", "river-park")["name"] == "江畔园"


def _search_rows() -> int:
    if connection.vendor != "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tracker_search_fts")
        return int(cursor.fetchone()[0])


def test_shapes_are_named_by_path() -> None:
    found = _paths(park(areas=[{"key": "a", "measure": "sky", "value": 1}]))
    assert "sky" in found["/areas/0/measure"]


def test_a_missing_member_is_named_where_it_should_stand() -> None:
    assert "/areas/0/value" in _paths(park(areas=[{"key": "a", "measure": "site"}]))


@pytest.mark.parametrize("word", ["facets", "compare", "differences"])
def test_a_word_of_the_api_cannot_be_a_key(word: str) -> None:
    assert word in _paths(park(key=word))["/key"]


def test_a_wrong_date_is_named() -> None:
    assert "/opened" in _paths(park(opened="2017-13"))


def test_a_reference_that_leads_nowhere_is_named() -> None:
    assert "320999" in _paths(park(places=["320999"]))["/places/0"]


def test_a_source_that_is_not_here_is_named() -> None:
    found = _paths(park(citations=[{"path": "", "source": "rumour"}]))
    assert "rumour" in found["/citations/0/source"]


def test_a_category_of_another_vocabulary_is_refused() -> None:
    assert "park-category" in _paths(park(category="plan"))["/category"]


def test_an_uncited_fact_is_named() -> None:
    cited = [{"path": f"/{name}", "source": "report-2021"} for name in ("name", "places", "category")]
    assert list(_paths(park(citations=cited, opened="2019"))) == ["/opened"]


def test_a_constraint_speaks_in_its_own_words_at_the_list_it_guards() -> None:
    assert _paths(park(areas=[area("site-2021", -1)])) == {"/areas": "面积不能为负。"}


def test_a_withdrawn_entry_may_be_checked_for_its_return(contributor: User, editor: User) -> None:
    factories.live(policy())
    factories.withdraw(contributor, editor, factories.entry("policy", "ai-opinions"))
    assert check(policy()) == []
