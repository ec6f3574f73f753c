"""One look at an address, against a real server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tracker.curation.links.reading import Known, Reader, Seen, prepared, readable
from tracker.delivery.webhooks.guard import Policy
from tracker.delivery.webhooks.sending import Courier

from .pages import Page, Web, serving

TRUSTING = Policy(plain_http=True, trusted_hosts=frozenset({"127.0.0.1"}))


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as found:
        yield found


def seen(web: Web, path: str = "/a", known: Known | None = None) -> Seen:
    return Reader(Courier(TRUSTING, 2, "test")).look(web.url(path), known or Known())


def test_a_page_that_says_it_is_the_same_is_not_read_again(web: Web) -> None:
    web.pages["/a"] = Page(headers={"ETag": '"1"', "Content-Type": "text/html"})
    first = seen(web)
    assert (first.status, first.trouble, first.etag) == (200, "", '"1"')
    assert web.asked == [("HEAD", "/a"), ("GET", "/a")]
    again = seen(web, known=Known(first.etag, first.last_modified, first.digest))
    assert again.digest == first.digest
    assert web.asked[2:] == [("HEAD", "/a")]


def test_a_page_without_such_words_is_compared_by_what_people_read(web: Web) -> None:
    web.pages["/a"] = Page(b"<html><script>t=1</script><p>Nanjing   2017</p></html>")
    first = seen(web)
    web.pages["/a"] = Page(b"<html><script>t=2</script>\n<p>Nanjing 2017</p></html>")
    assert seen(web).digest == first.digest
    web.pages["/a"] = Page(b"<html><p>Nanjing 2018</p></html>")
    assert seen(web).digest != first.digest


@pytest.mark.parametrize("head", [405, 403, 404, 501, 0])
def test_a_server_that_knows_no_head_is_asked_with_get(web: Web, head: int) -> None:
    web.pages["/a"] = Page(head=head)
    found = seen(web)
    assert (found.status, found.trouble) == (200, "")
    assert web.asked[-1] == ("GET", "/a")


def test_a_redirect_is_followed_and_a_circle_is_not(web: Web) -> None:
    web.pages["/a"] = Page(status=301, headers={"Location": "/b"})
    web.pages["/b"] = Page()
    assert seen(web).is_fine
    web.pages["/b"] = Page(status=302, headers={"Location": "/a"})
    assert "redirects" in seen(web).trouble


def test_what_is_not_there_or_not_reachable_is_said(web: Web) -> None:
    assert seen(web, "/nowhere").trouble == "HTTP 404"
    gone = Web(port=9)
    assert seen(gone).status is None
    assert seen(gone).trouble


def test_an_address_in_our_own_network_is_not_asked_even_after_a_redirect(web: Web) -> None:
    closed = Policy(plain_http=True, ports=frozenset({80, web.port}))
    found = Reader(Courier(closed, 2, "test")).look(web.url(), Known())
    assert "不是公网地址" in found.trouble
    assert web.asked == []
    web.pages["/a"] = Page(status=302, headers={"Location": f"http://localhost:{web.port}/secret"})
    assert seen(web).trouble
    assert ("GET", "/secret") not in web.asked


def test_addresses_are_written_as_they_go_over_the_wire() -> None:
    assert prepared("https://例子.中国/政策?页=1#第三节") == (
        "https://xn--fsqu00a.xn--fiqs8s/%E6%94%BF%E7%AD%96?%E9%A1%B5=1"
    )


def test_chinese_encodings_are_read() -> None:
    page = "<p>人工智能</p>"
    assert readable(page.encode("gb18030"), "text/html; charset=gbk") == readable(page.encode(), "text/html")
    assert readable(page.encode("gb18030"), "text/html") == readable(page.encode(), "text/html; charset=nonsense")
