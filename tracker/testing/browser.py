"""The site as a reader's browser sees it: a real server over a copy of the founding data, and Debian's Chromium.

A test that asks for ``reader`` fails when a page writes an error to the console, when a request fails, and when
anything is asked of another host. What it visits is kept as pictures in ``var/screenshots``, to be looked at.

Playwright keeps an event loop in the thread, in which Django refuses its database: such tests say and see everything
through the pages, and the browser is closed after each module.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from pypdf import PdfReader

from .founding import connected_to
from .plugin import ROOT, VAR
from .server import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request, Response

SCREENSHOTS = ROOT / "var" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
WIDE, NARROW = 1440, 390
HEIGHTS = {WIDE: 900, NARROW: 844}
WAIT = 20_000
"""Milliseconds a test waits for a page; other tests may keep both cores busy."""
COPY, CROWDED = "browser", "crowded"
MANY = 10_000


# --- the site -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Site:
    """A server that runs, and the passwords of its first logins."""

    url: str
    passwords: dict[str, str]
    var: Path
    """The folder of its files."""
    database: str
    """The name of its database."""

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


@pytest.fixture(scope="session")
def site(founding_database: str, django_db_blocker: Any) -> Iterator[Site]:
    """gunicorn over its own copy of the founding data: what its pages publish stays there."""
    with _copy(founding_database, django_db_blocker, COPY, _logins) as found:
        yield found


@pytest.fixture(scope="session")
def crowded_site(founding_database: str, django_db_blocker: Any) -> Iterator[Site]:
    """The same with ten thousand made-up entries, and more events than that, published the ordinary way."""
    with _copy(founding_database, django_db_blocker, CROWDED, _crowd) as found:
        yield found


@contextmanager
def _copy(founding_database: str, blocker: Any, suffix: str, fill: Callable[[Path], dict[str, str]]) -> Iterator[Site]:
    """A server over a copy of the founding data that ``fill`` has added to; it returns passwords."""
    var = VAR / suffix
    var.mkdir()
    with override_settings(STATIC_ROOT=var / "static"):
        call_command("collectstatic", interactive=False, verbosity=0)
    with blocker.unblock(), connected_to(founding_database):
        connection.creation.clone_test_db(suffix=suffix, verbosity=0, autoclobber=True)
        name = connection.creation.get_test_db_clone_settings(suffix)["NAME"]
        with connected_to(name):
            passwords = fill(var / "logins.txt")
    with served(var, name) as url:
        yield Site(url, passwords, var, name)
    with blocker.unblock(), connected_to(founding_database):
        connection.creation.destroy_test_db(suffix=suffix, verbosity=0)


def _crowd(file: Path) -> dict[str, str]:
    from tracker.curation import bench  # noqa: PLC0415 - the plugin is imported before Django is

    for _present in bench.load(MANY, now=timezone.now()):
        pass
    return {}


def _logins(file: Path) -> dict[str, str]:
    """One person per role, hashed as the server expects it and not as tests do."""
    from tracker.accounts.logins import create_first_logins  # noqa: PLC0415 - the plugin is imported before Django is

    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"]):
        return {login.username: login.password for login in create_first_logins(file)}


# --- the browser --------------------------------------------------------------------------------------------------


@dataclass
class Reader:
    """Opens pages, takes pictures, and keeps what went wrong."""

    browser: Browser
    site: Site
    test: str
    troubles: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    pictures: int = 0

    def page(self, width: int = WIDE, **options: Any) -> Page:
        """A page of a person of its own: no cookie is shared with the others."""
        viewport = {"width": width, "height": HEIGHTS.get(width, HEIGHTS[WIDE])}
        context = self.browser.new_context(**{"viewport": viewport, "base_url": self.site.url, "locale": "zh-CN",
                                              **options})  # fmt: skip
        context.set_default_timeout(WAIT)
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("requestfailed", self._failed)
        context.on("console", lambda said: self._trouble("console", said.text) if said.type == "error" else None)
        context.on("weberror", lambda error: self._trouble("script", str(error.error)))
        return context.new_page()

    def visit(self, page: Page, path: str, name: str = "") -> None:
        """Go there by the address, as one types it, and take a picture."""
        answer = page.goto(path)
        assert answer is not None and answer.ok, f"{path}: {answer and answer.status}"
        self.picture(page, name or path)

    def picture(self, page: Page, name: str) -> None:
        """The whole page, numbered in the order of the visit."""
        self.pictures += 1
        width = (page.viewport_size or {"width": 0})["width"]
        words = re.sub(r"[^\w-]+", "-", name).strip("-") or "front"
        page.screenshot(path=SCREENSHOTS / f"{self.test}-{width}-{self.pictures:02}-{words}.png", full_page=True)

    def log_in(self, page: Page, username: str) -> None:
        page.goto("/admin/login/")
        page.fill("#id_username", username)
        page.fill("#id_password", self.site.passwords[username])
        page.click("#login-form [type=submit]")
        page.wait_for_url("**/admin/")

    # --- what went wrong

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob"):
            self.hosts.add(address.netloc)

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self._trouble("answer", f"{response.status} {response.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the reader went on before it came
            self._trouble("request", f"{request.failure} {request.url}")

    def _trouble(self, sort: str, text: str) -> None:
        self.troubles.append(f"{sort}: {text}")

    def conclude(self) -> None:
        for context in self.browser.contexts:
            context.close()
        assert self.troubles == []
        assert self.hosts <= {self.site.host}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - half a second that other tests need not spend

    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def reader(site: Site, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Reader]:
    """Somebody at a browser; after the test, whatever went wrong in any page fails it."""
    yield from _reader(site, chromium, request)


@pytest.fixture
def crowded_reader(crowded_site: Site, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Reader]:
    """Somebody who reads the tracker with ten thousand entries more."""
    yield from _reader(crowded_site, chromium, request)


def _reader(site: Site, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Reader]:
    name = re.sub(r"[^\w-]+", "-", request.node.name.removeprefix("test_")).strip("-")
    found = Reader(chromium, site, name)
    yield found
    found.conclude()


@pytest.fixture(params=[WIDE, NARROW], ids=["wide", "narrow"])
def page(reader: Reader, request: pytest.FixtureRequest) -> Page:
    """A page as on a desk and as on a telephone: the test runs on both."""
    return reader.page(request.param)


# --- what every page must be --------------------------------------------------------------------------------------


def swapped(page: Page, before: str) -> None:
    """Wait until the timeline shows another window than the one at the address ``before``."""
    from playwright.sync_api import expect  # noqa: PLC0415 - half a second that other tests need not spend

    expect(page).not_to_have_url(before, timeout=WAIT)
    expect(page.locator("[data-timeline][aria-busy]")).to_have_count(0, timeout=WAIT)


def says(page: Page, selector: str, text: str) -> None:
    """Wait until what ``selector`` finds has ``text`` in it; the error tells what it has instead."""
    from playwright.sync_api import expect  # noqa: PLC0415

    expect(page.locator(selector)).to_contain_text(text, timeout=WAIT)


def overflow(page: Page) -> int:
    """How many pixels the document is wider than the window."""
    return int(page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth"))


def printed(page: Page, file: Path, *, most: int = 6) -> str:
    """The text of a page as Chromium prints it, without white space; radicals become characters.

    Every sheet says something, and there are at most so many.
    """
    page.pdf(path=file, prefer_css_page_size=True)
    sheets = [sheet.extract_text() for sheet in PdfReader(file).pages]
    assert 1 <= len(sheets) <= most
    assert all(len(text) > 100 for text in sheets), [len(text) for text in sheets]
    return "".join(unicodedata.normalize("NFKC", "".join(sheets)).split())


def barriers(page: Page) -> list[str]:
    """What axe finds in the way of people who read with other means, however small it holds it."""
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415

    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]
