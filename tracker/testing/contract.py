"""What every kind must keep: one class, inherited once per kind; a test names the kind that has none."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from django.test import Client

from tracker.entries import kinds
from tracker.entries.kinds import Kind
from tracker.entries.models import Change, Entry, Revision, State
from tracker.entries.reading import Rows
from tracker.values import canonical

from . import drafts
from .api import api_token, every, get, has_shape, refused


@pytest.mark.usefixtures("founding")
class KindContract:
    """Subclass it as ``TestPark`` with ``name = "park"``."""

    name: ClassVar[str]

    @property
    def kind(self) -> Kind:
        return kinds.get(self.name)

    @property
    def path(self) -> str:
        return f"{self.kind.plural}/"

    @pytest.fixture
    def entry(self) -> Entry:
        found = Entry.objects.live().filter(kind=self.name).order_by("key").first()
        assert found, f"the founding data holds no {self.name}"
        return found

    def test_a_detail_is_the_stored_document_and_carries_the_common_members(self, entry: Entry) -> None:
        document = get(f"{self.path}{entry.key}/")
        assert canonical.dumps_ordered(document) == entry.document
        common = {"kind", "key", "url", *self.kind.names, "aliases", "schema", "version", "revision", "published_at",
                  "updated_at", "verified_at", "stale_after", "citations", "conflicts"}  # fmt: skip
        assert common <= set(document)
        assert document["version"] == Change.objects.filter(entry=entry).latest("seq").seq

    def test_pages_of_a_list_hold_every_entry_once_whatever_the_order(self, entry: Entry) -> None:
        keys = set(Entry.objects.live().filter(kind=self.name).values_list("key", flat=True))
        size = max(1, min(200, len(keys) // 2))
        for order in ("date", "-date", "name", "-updated_at"):
            found = [item["key"] for item in every(self.path, ordering=order, page_size=size, fields="kind,key")]
            assert len(found) == len(keys)
            assert set(found) == keys

    def test_an_order_and_its_reverse_mirror_each_other(self) -> None:
        forwards = [item["key"] for item in every(self.path, ordering="key", page_size=200, fields="key")]
        backwards = [item["key"] for item in every(self.path, ordering="-key", page_size=200, fields="key")]
        assert forwards == backwards[::-1]

    def test_the_previous_link_leads_back(self) -> None:
        first = get(self.path, page_size=1)
        if first["next"]:
            second = get(first["next"].removeprefix("/api/v1/"))
            assert get(second["previous"].removeprefix("/api/v1/"))["results"] == first["results"]

    def test_the_count_asked_for_is_the_number_there_is(self) -> None:
        stored = Entry.objects.live().filter(kind=self.name).count()
        assert get(self.path, count="true", page_size=1)["count"] == stored
        assert "count" not in get(self.path, page_size=1)

    def test_facets_count_what_the_list_counts(self) -> None:
        facets = get(f"{self.path}facets/")
        assert facets["count"] == get(self.path, count="true", page_size=1)["count"]
        for item in facets["category"][:2]:
            assert get(self.path, category=item["key"], count="true", page_size=1)["count"] == item["count"]

    def test_a_draft_or_withdrawn_entry_is_in_no_answer(self, entry: Entry) -> None:
        Entry.objects.filter(pk=entry.pk).update(state=State.WITHDRAWN)
        assert entry.key not in [item["key"] for item in every(self.path, page_size=200, fields="key")]
        assert get(f"{self.path}{entry.key}/", 410)["state"] == "withdrawn"
        hits = [(hit["kind"], hit["key"]) for hit in every("search/", q=entry.name[:100], page_size=200)]
        assert (entry.kind, entry.key) not in hits
        assert not [event for event in every("timeline/", page_size=200, kind=self.name)
                    if event["entry"]["key"] == entry.key]  # fmt: skip

    def test_no_draft_in_any_state_is_to_be_seen_at_any_address(self, entry: Entry) -> None:
        """New entries and changes, before publication, change no answer: not a byte of the API, no word of a page."""
        before = {address: drafts.read(address) for address in drafts.addresses(self.kind, entry)}
        drafts.drafts_of(entry)
        for address, known in before.items():
            answer = drafts.read(address)
            assert answer.status == known.status, address
            assert answer.text.count(drafts.MARK) == known.text.count(drafts.MARK), (
                address
            )  # a search says what it seeks
            if drafts.is_fixed(address):
                assert answer.text == known.text, address

    def test_an_unknown_parameter_is_refused_by_name(self) -> None:
        assert "did you mean" in refused(self.path, plaec="320100")["plaec"]

    def test_wrong_values_are_refused_by_name(self) -> None:
        wrong = {"place": "999999", "page_size": "201", "cursor": "x", "ordering": "colour", "as_of": "2020-13",
                 "known_at": "yesterday", "fields": "colour", "category": "no-such", "bbox": "1,2,3",
                 "date_from": "2017年", "count": "maybe", "near": "91,0"}  # fmt: skip
        for name, value in wrong.items():
            assert name in refused(self.path, **{name: value}), name

    def test_only_the_members_asked_for_are_sent(self, entry: Entry) -> None:
        document = get(f"{self.path}{entry.key}/", fields="key,version")
        assert set(document) == {"kind", "key", "version"}
        assert "citations" not in get(f"{self.path}{entry.key}/", omit="citations")

    def test_known_now_is_what_is_said_now(self, entry: Entry) -> None:
        now = get(f"{self.path}{entry.key}/")
        assert get(f"{self.path}{entry.key}/", known_at="2999-01-01") == now
        assert get(f"{self.path}{entry.key}/", 404, known_at="2001-01-01")["status"] == 404
        plain = get(self.path, ordering="key", page_size=20)["results"]
        assert get(self.path, ordering="key", page_size=20, known_at="2999-01-01")["results"] == plain

    def test_the_rows_give_the_payload_back(self, entry: Entry) -> None:
        entries = list(Entry.objects.live().filter(kind=self.name).order_by("key")[:50])
        stored = Rows(entries)
        for item in entries:
            payload = canonical.loads(Revision.objects.get(entry=item, number=item.revision).payload)
            facts = {name: value for name, value in payload.items() if name not in ("citations", "rulings")}
            assert canonical.dumps(stored.payload(item)) == canonical.dumps(facts)

    def test_revisions_say_when_and_why_but_not_who(self, entry: Entry) -> None:
        rows = get(f"{self.path}{entry.key}/revisions/")["results"]
        assert rows[0]["number"] == entry.revision
        assert "actor" not in rows[0]
        assert get(f"{self.path}{entry.key}/revisions/1/")["payload"]["key"] == entry.key
        assert get(f"{self.path}{entry.key}/revisions/1...1/")["differences"] == []

    def test_its_timeline_is_part_of_the_merged_one(self, entry: Entry) -> None:
        own = every(f"{self.path}{entry.key}/timeline/")
        merged = every("timeline/", entry=f"{self.name}/{entry.key}")
        assert own == merged

    def test_an_unchanged_poll_costs_at_most_two_queries_with_a_token_too(self, django_assert_max_num_queries: Any,
                                                                          entry: Entry) -> None:  # fmt: skip
        client = Client(headers={"Authorization": f"Bearer {api_token()}"})
        for path in (*QUERY_COUNTS, "{key}/?brief=true", "{key}/?as_of=2020-12-31", "{key}/?known_at=2999-01-01"):
            address = f"/api/v1/{self.path}{path.format(key=entry.key)}"
            first = client.get(address)
            if first.status_code == 404:
                continue  # it was not there on that day
            with django_assert_max_num_queries(2):
                again = client.get(address, headers={"If-None-Match": first["ETag"]})
            assert again.status_code == 304, address
            assert again["ETag"] == first["ETag"]
            assert not again.content

    def test_the_brief_form_is_the_reference_with_status_version_and_updated_at(self, entry: Entry) -> None:
        whole = get(f"{self.path}{entry.key}/")
        brief = get(f"{self.path}{entry.key}/", brief="true")
        has_shape("Brief", brief)
        told = {name: whole[name] for name in ("kind", "key", "status", "version", "updated_at") if name in whole}
        assert {**told, "name": entry.name, "name_en": entry.name_en or None}.items() <= brief.items()
        assert brief in every(self.path, brief="true", page_size=200)
        assert "brief" in refused(self.path, brief="true", omit="note")
        assert "brief" in refused(f"{self.path}{entry.key}/", brief="yes")

    def test_reading_costs_the_same_few_queries_however_long_the_list(self, django_assert_max_num_queries: Any,
                                                                      entry: Entry) -> None:  # fmt: skip
        client = Client()
        for path, most in QUERY_COUNTS.items():
            address = f"/api/v1/{self.path}{path.format(key=entry.key)}"
            with django_assert_max_num_queries(most):
                assert client.get(address).status_code == 200, address


QUERY_COUNTS = {
    "?page_size=1": 2,
    "?page_size=200": 2,
    "?page_size=200&place=100000": 3,
    "?page_size=200&count=true": 3,
    "?page_size=200&brief=true": 2,
    "{key}/": 1,
    "{key}/timeline/": 3,
    "{key}/revisions/": 3,
    "facets/": 10,
}
"""The baseline: how many queries each address may cost; one of them tells whether anything has changed."""
