"""What goes wrong is said, with what to do; nothing a reader types makes a 500."""

from __future__ import annotations

import pytest
from django.test import Client

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.curation import proposals, publish
from tracker.curation.models import Proposal
from tracker.curation.tests import factories
from tracker.entries.models import Entry

pytestmark = pytest.mark.urls("tracker.web.tests.addresses")

MANY_PLACES = (110000, 120000, 310000, 320100, 320500, 330100, 440100)
WRONG = [
    ("/parks/?place=999999", "place"), ("/parks/?place=%00", "place"), ("/parks/?category=nope", "category"),
    ("/parks/?status=open%27--", "status"), ("/parks/?sort=random", "sort"), ("/parks/?cursor=xx", "cursor"),
    ("/parks/?page_size=0", "page_size"), ("/parks/?page_size=²", "page_size"), ("/parks/?from=2017-13", "from"),
    ("/parks/?refers=nope", "refers"), ("/parks/?refers=park/", "refers"), ("/parks/?q=" + "长" * 101, "q"),
    ("/timeline/?from=yesterday", "from"), ("/timeline/?kind=weather", "kind"), ("/timeline/?type=nope", "type"),
    ("/timeline/?from=2025&to=2017", "from"), ("/timeline/?zoom=century", "zoom"), ("/timeline/?as_of=2019", "as_of"),
    ("/timeline/?future=maybe", "future"), ("/timeline/?as_of=2019-06-01&future=include", "future"),
    ("/timeline/?lanes=colour", "lanes"),
    ("/timeline/?side=by-side", "side"), ("/timeline/?cursor=xx", "cursor"), ("/timeline/?page_size=0", "page_size"),
    ("/timeline/?side=cities" + "".join(f"&place={key}" for key in MANY_PLACES), "place"),
    ("/timeline/?" + "&".join(f"kind=policy&organisation=o{n}" for n in range(21)), "organisation"),
    ("/search/?q=%00", "q"), ("/search/?q=a&kind=nope", "kind"), ("/changes/?nature=nope", "nature"),
    ("/display/?theme=pink", "theme"),
]  # fmt: skip


@pytest.mark.usefixtures("founding")
@pytest.mark.parametrize(("address", "name"), WRONG)
def test_a_wrong_parameter_is_named_and_explained(client: Client, address: str, name: str) -> None:
    answer = client.get(address)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert name in text
    assert "去掉参数" in text


@pytest.mark.usefixtures("founding")
@pytest.mark.parametrize("address", [
    "/search/?q=%22%27*)(OR", "/search/?q=AND OR NOT", "/parks/?q=%25_%5C", "/search/?q=😀", "/parks/?utm_source=mail",
    "/search/?q=" + "a" * 100, "/parks/?place=", "/search/?q=（）",
])  # fmt: skip
def test_odd_but_harmless_parameters_are_answered(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


@pytest.mark.usefixtures("founding")
def test_a_wrong_unit_is_refused(client: Client) -> None:
    assert client.get("/parks/nanjing-jiangbei-new-area/?unit=acre").status_code == 400


@pytest.mark.usefixtures("founding")
@pytest.mark.parametrize("address", ["/parks/nope/", "/nope/", "/places/999999/", "/en/policies/nope/"])
def test_what_is_not_there_is_a_404_that_offers_a_search(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert "/search/?q=" in answer.content.decode()


@pytest.mark.django_db
def test_pages_are_read_and_not_written(client: Client) -> None:
    assert client.post("/policies/").status_code == 405


@pytest.mark.django_db
def test_a_failure_of_ours_is_a_500_that_names_the_request() -> None:
    client = Client(raise_request_exception=False)
    answer = client.get("/broken/", headers={"X-Request-ID": "reader-asks-1"})
    assert answer.status_code == 500
    assert "reader-asks-1" in answer.content.decode()
    assert answer.headers["X-Request-ID"] == "reader-asks-1"


@pytest.mark.parametrize("sent", ["short", "with space and more", "x" * 41, "semi;colon-here", "line\u2028break-here"])
@pytest.mark.django_db
def test_a_request_id_of_another_shape_is_replaced(client: Client, sent: str) -> None:
    given = client.get("/robots.txt", headers={"X-Request-ID": sent}).headers["X-Request-ID"]
    assert given != sent
    assert len(given) == 32


@pytest.fixture
def parks(db: None) -> tuple[Entry, Entry]:
    factories.ensure_world()
    factories.live(factories.park("old-park", "旧园"), factories.park("new-park", "新园"))
    return Entry.objects.get(key="old-park"), Entry.objects.get(key="new-park")


def carried_out(proposal: Proposal, author: User) -> None:
    reviewer = factories.user("shenhe", Role.EDITOR)
    proposals.submit(actor=author, proposal=proposal)
    proposal.refresh_from_db()
    proposals.approve(actor=reviewer, proposal=proposal)
    proposal.refresh_from_db()
    publish.publish(actor=reviewer, proposals=[proposal])


def test_a_withdrawn_entry_says_why_and_names_its_successor(client: Client, parks: tuple[Entry, Entry]) -> None:
    author = factories.user("tougao", Role.EDITOR)
    proposal = proposals.propose_withdrawal(
        actor=author, entry=parks[0], reason="两处园区实为一处", successor="new-park"
    )
    carried_out(proposal, author)
    answer = client.get("/parks/old-park/")
    text = answer.content.decode()
    assert answer.status_code == 410
    assert "两处园区实为一处" in text
    assert 'href="/parks/new-park/"' in text
    assert client.get("/en/parks/old-park/").status_code == 410


def test_a_merged_entry_leads_to_its_new_address(client: Client, parks: tuple[Entry, Entry]) -> None:
    author = factories.user("tougao", Role.EDITOR)
    carried_out(proposals.propose_merge(actor=author, entry=parks[0], successor="new-park", reason="同一园区"), author)
    answer = client.get("/parks/old-park/")
    assert answer.status_code == 301
    assert answer.headers["Location"] == "/parks/new-park/?merged=old-park"


@pytest.mark.django_db
def test_the_theme_is_remembered_and_leads_back_only_within_the_site(client: Client) -> None:
    answer = client.get("/display/?theme=dark&next=/about/")
    assert answer.headers["Location"] == "/about/"
    assert answer.cookies["theme"].value == "dark"
    assert 'data-theme="dark"' in client.get("/about/").content.decode()
    assert client.get("/display/?theme=auto&next=//evil.example/").headers["Location"] == "/"


@pytest.mark.django_db
def test_a_forged_theme_is_ignored(client: Client) -> None:
    client.cookies["theme"] = '"><script>'
    assert "<script>" not in client.get("/about/").content.decode().replace('<script src="', "")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/policies/", "/timeline/", "/changes/", "/search/?q=ai", "/about/"])
def test_an_empty_tracker_still_has_pages(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200
