"""One declaration marks the document, the answers and the changelog."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from tracker.delivery import contract_changes
from tracker.delivery.openapi import document
from tracker.rest.deprecation import Deprecation
from tracker.testing.api import get, has_shape

SINCE, SUNSET = date(2027, 1, 1), date(2028, 1, 1)
OPERATION = Deprecation(("facets_of_parks",), SINCE, SUNSET, "请用列表", "use the list")
PARAMETER = Deprecation(("list_parks",), SINCE, SUNSET, "请用 place", "use place", parameter="near")
MEMBER = Deprecation(("get_park",), SINCE, SUNSET, "请用 phases", "use phases", member="Park.stage")


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(contract_changes, "DEPRECATIONS", (OPERATION, PARAMETER, MEMBER))
    document.cache_clear()
    yield
    document.cache_clear()


@pytest.mark.usefixtures("declared")
def test_the_document_marks_it() -> None:
    made = document()
    parks = made["paths"]["/api/v1/parks/"]["get"]
    assert made["paths"]["/api/v1/parks/facets/"]["get"]["deprecated"] is True
    assert [given["name"] for given in parks["parameters"] if given.get("deprecated")] == ["near"]
    assert made["components"]["schemas"]["Park"]["properties"]["stage"]["deprecated"] is True
    assert "deprecated" not in parks
    assert "deprecated" not in made["components"]["schemas"]["Park"]["properties"]["areas"]


@pytest.mark.usefixtures("declared", "db")
def test_answers_concerned_say_since_when_and_until_when() -> None:
    for address in ("parks/facets/", "parks/?near=32,118"):
        answer = Client().get(f"/api/v1/{address}")
        assert answer["Deprecation"] == "@1798761600"
        assert answer["Sunset"] == "Sat, 01 Jan 2028 00:00:00 GMT"
        assert 'rel="license"' in answer["Link"]
        assert '/about/interface/>; rel="deprecation"' in answer["Link"]
    for address in ("parks/", "parks/?place=100000", "zones/facets/"):
        assert "Deprecation" not in Client().get(f"/api/v1/{address}")


@pytest.mark.usefixtures("declared", "db")
def test_the_changelog_and_its_page_tell_it_as_upcoming() -> None:
    told = get("changelog/")["upcoming"]
    assert [one["parameter"] for one in told] == [None, "near", None]
    assert told[2]["member"] == "Park.stage"
    for prefix, words in (("", "请用列表"), ("/en", "use the list")):
        assert words in Client().get(f"{prefix}/about/interface/").content.decode()


@pytest.mark.django_db
def test_without_a_declaration_nothing_is_deprecated() -> None:
    body = get("changelog/")
    has_shape("ContractChangelog", body)
    assert body["upcoming"] == []
    assert "Deprecation" not in Client().get("/api/v1/parks/facets/")


def test_it_lives_for_a_year_at_least() -> None:
    with pytest.raises(ValueError, match="365 days"):
        Deprecation(("list_parks",), SINCE, date(2027, 6, 1), "", "")
