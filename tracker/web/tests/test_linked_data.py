"""JSON-LD: every page of an entry says in the words of schema.org what it is of."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tracker.delivery.terms import LICENCE_URL
from tracker.entries import kinds
from tracker.entries.fields import Json
from tracker.entries.models import Entry
from tracker.testing.commands import run
from tracker.values import canonical
from tracker.web.linked_data import describe, script

MANY = 60
TYPES = ("schema-dts@2.1.0", "typescript@5.9.3")

pytestmark = pytest.mark.usefixtures("founding")


def said(path: str) -> dict[str, Any]:
    page = Client().get(path).content.decode()
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert len(found) == 1, path
    thing: dict[str, Any] = json.loads(found[0])
    return thing


@pytest.mark.parametrize("kind", [kind.name for kind in kinds.every()])
def test_the_page_of_every_kind_says_what_it_is_of(kind: str) -> None:
    entry = Entry.objects.live().of_kind(kind).order_by("key")[0]
    path = f"/{kinds.get(kind).plural}/{entry.key}/"
    page = said(path)
    thing = page["mainEntity"]
    assert (page["@context"], page["@type"], page["license"]) == ("https://schema.org", "WebPage", LICENCE_URL)
    assert (thing["@type"], thing["name"]) == (kinds.get(kind).thing, entry.name)
    assert page["url"] == thing["@id"]
    assert thing["@id"].endswith(path)
    assert said(f"/en{path}")["mainEntity"]["@id"] == thing["@id"]
    assert not [name for name, value in [*page.items(), *thing.items()] if value in (None, "", [])]


def test_a_policy_is_legislation_with_its_issuers_and_place() -> None:
    thing = said("/policies/nanjing-ai-opinions-2017/")["mainEntity"]
    assert (thing["@type"], thing["legislationDate"]) == ("Legislation", "2017-12")
    assert thing["legislationJurisdiction"][0]["@type"] == "AdministrativeArea"


def test_a_point_that_was_borrowed_is_not_said() -> None:
    parks = Entry.objects.live().of_kind("park").exclude(lat=None)
    assert all("geo" not in said(f"/parks/{park.key}/")["mainEntity"] for park in parks.exclude(precision="site")[:3])


def test_a_date_that_iso_cannot_write_is_left_out() -> None:
    document: Json = {
        "kind": "initiative", "key": "x", "title": "甲", "title_en": None, "aliases": [], "updated_at": None,
        "citations": [], "date": "2017-12~", "ended": "2018-03", "places": [],
    }  # fmt: skip
    thing = describe(document)["mainEntity"]
    assert "startDate" not in thing
    assert thing["endDate"] == "2018-03"


def test_markup_in_a_name_stays_inside_the_script() -> None:
    document: Json = {
        "kind": "term", "key": "x", "name": "</script><b>&", "name_en": None, "aliases": [], "updated_at": None,
        "citations": [],
    }  # fmt: skip
    assert "<" not in script(document)
    assert json.loads(script(document))["mainEntity"]["name"] == "</script><b>&"


@pytest.mark.clients
@pytest.mark.xdist_group("clients")
def test_every_word_is_one_that_schema_org_has_for_that_thing(tmp_path: Path) -> None:
    """The published types of schema.org's vocabulary refuse a word that is not of its thing, or holds another sort."""
    entries = [
        entry for kind in kinds.every() for entry in Entry.objects.live().of_kind(kind.name).order_by("key")[:MANY]
    ]
    pages = [
        f"const page{number}: Page = {script(canonical.loads(entry.document))};" for number, entry in enumerate(entries)
    ]
    types = 'import type { WebPage, WithContext } from "schema-dts";\ntype Page = WithContext<WebPage>;'
    (tmp_path / "pages.ts").write_text("\n".join([types, *pages, "export {};"]), "utf-8")
    run(tmp_path, "npm", "install", "--no-audit", "--no-fund", "--cache", str(tmp_path / ".npm"), *TYPES)
    run(tmp_path, "npx", "tsc", "--strict", "--noEmit", "pages.ts")
