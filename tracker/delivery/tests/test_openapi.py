"""The OpenAPI document: valid, complete, and made without a warning."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from openapi_spec_validator import validate

from tracker.testing.api import looked_up, openapi
from tracker.values import canonical


def test_the_document_is_valid_openapi_3_1() -> None:
    document = json.loads(canonical.dumps_ordered(openapi()))
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_it_is_made_without_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("spectacular", "--fail-on-warn", "--validate", "--file", "/dev/null")
    assert "Warning" not in capsys.readouterr().err


def test_every_address_of_the_api_is_in_it() -> None:
    paths: dict[str, Any] = openapi()["paths"]
    for address in ("parks/", "parks/{key}/", "parks/facets/", "policies/{key}/revisions/{first}...{last}/",
                    "timeline/", "search/", "changes/", "observations/", "redirects/",
                    "places/{key}/profile/", "places/{key}/policies/", "parks/{key}/policies/",
                    "parks/compare/", "layouts/differences/", "layouts/{key}/versions/"):  # fmt: skip
        assert f"/api/v1/{address}" in paths


def test_what_the_door_may_answer_is_in_every_operation() -> None:
    operations = [operation for path in openapi()["paths"].values() for operation in path.values()]
    assert all({"401", "403", "429"} <= set(operation["responses"]) for operation in operations)
    assert all("RateLimit" in looked_up(operation["responses"]["429"])["headers"] for operation in operations)


def test_public_reading_says_that_it_may_be_unchanged() -> None:
    assert {} in openapi()["security"]
    reading = [path["get"] for path in openapi()["paths"].values() if "get" in path and "security" not in path["get"]]
    assert len(reading) > 80
    for operation in reading:
        assert "ETag" in operation["responses"]["200"]["headers"]
        assert "304" in operation["responses"]
        assert "If-None-Match" in {looked_up(parameter)["name"] for parameter in operation["parameters"]}


@pytest.mark.django_db
def test_the_documentation_page_asks_no_third_party() -> None:
    page = Client().get("/api/v1/docs/").content.decode()
    assert "https://" not in page.replace("https://creativecommons", "")
    assert "/static/drf_spectacular_sidecar/" in page


def test_every_answer_names_licence_attribution_and_contract_version(founding: None) -> None:
    for address in ("parks/?page_size=1", "places/320100/", "changes/", "parks/?no-such=1"):
        answer = Client().get(f"/api/v1/{address}")
        assert 'rel="license"' in answer["Link"]
        assert "GeoNames" in answer["X-Attribution"]
        assert answer["X-Contract-Version"] == "1"
