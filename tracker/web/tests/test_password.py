"""A forgotten password: the letter, its link, its language, its limits, and that nothing tells who has an account."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from tracker.accounts.models import User
from tracker.environment import Mail
from tracker.environment import mail as mail_server
from tracker.jobs import services as jobs
from tracker.jobs.models import Job

pytestmark = pytest.mark.django_db

ADDRESS, FORMER, NEW = "somebody@example.org", "un-mot-de-passe-7", "ein-neues-passwort-8"


@pytest.fixture(autouse=True)
def somebody() -> User:
    cache.clear()
    return User.objects.create_user(ADDRESS, email=ADDRESS, password=FORMER)


def ask(email: str, prefix: str = "") -> tuple[int, str]:
    """Ask for a letter and let the worker send it: (status, where one is led)."""
    answer = Client().post(f"{prefix}/account/password/", {"email": email})
    for job in Job.objects.filter(state=Job.State.WAITING):
        jobs.run(job.pk)
    return answer.status_code, answer.get("Location", "")


def link() -> str:
    """The path of the link in the last letter."""
    (found,) = re.findall(r"http://localhost:8000(/\S+)", str(mail.outbox[-1].body))
    return str(found)


def test_the_link_of_the_letter_sets_a_new_password_once() -> None:
    assert ask(f" {ADDRESS.upper()} ") == (302, "/account/password/sent/")
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([ADDRESS], "设置新密码")
    client = Client()
    form = client.get(link(), follow=True)
    where = form.redirect_chain[-1][0]
    assert 'name="new_password1"' in form.content.decode()
    assert "链接已用过" not in form.content.decode()
    short = client.post(where, {"new_password1": "short", "new_password2": "short"}).content.decode()
    assert 'role="alert"' in short
    done = client.post(where, {"new_password1": NEW, "new_password2": NEW}, follow=True)
    assert "密码已设置" in done.content.decode()
    assert Client().login(username=ADDRESS, password=NEW)
    assert not Client().login(username=ADDRESS, password=FORMER)
    assert "链接已用过" in Client().get(link(), follow=True).content.decode()


def test_the_letter_speaks_the_language_it_was_asked_in() -> None:
    ask(ADDRESS, "/en")
    assert mail.outbox[0].subject == "Set a new password"
    assert link().startswith("/en/account/password/")
    assert "New password" in Client().get(link(), follow=True).content.decode()


def test_who_has_no_account_is_answered_alike_and_the_queue_keeps_no_address() -> None:
    assert ask("nobody@example.org") == ask(ADDRESS)
    assert len(mail.outbox) == 1
    kept = [f"{job.arguments} {job.message}" for job in Job.objects.order_by("pk")]
    assert len(kept) == 2
    assert not any("example.org" in text for text in kept)
    assert len({job.message for job in Job.objects.all()}) == 1


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "!"}])
def test_who_cannot_sign_in_is_sent_nothing(somebody: User, change: dict[str, object]) -> None:
    User.objects.filter(pk=somebody.pk).update(**change)
    assert ask(ADDRESS)[0] == 302
    assert mail.outbox == []


def test_an_account_is_sent_three_letters_an_hour_and_an_address_may_ask_ten_times() -> None:
    answers = [ask(ADDRESS)[0] for _time in range(11)]
    assert answers == [302] * 10 + [429]
    assert len(mail.outbox) == 3


@pytest.mark.parametrize("email", ["", "no-address", "a\0@example.org", "a" * 300 + "@example.org"])
def test_what_is_no_address_is_named(email: str) -> None:
    assert ask(email) == (400, "")
    assert Job.objects.count() == 0


@pytest.mark.parametrize("path", ["MQ/x-y/", "nope/x/", "OTk5OTk5/set-password/"])
def test_a_link_that_leads_nowhere_says_so(path: str) -> None:
    answer = Client().get(f"/account/password/{path}", follow=True)
    assert answer.status_code == 200
    assert "链接已用过或已到期" in answer.content.decode()


def test_a_letter_that_the_server_does_not_take_fails_nobody(settings: pytest.FixtureRequest) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # type: ignore[attr-defined]
    assert ask(ADDRESS)[0] == 302
    assert Job.objects.get().state == Job.State.DONE


# --- the setting --------------------------------------------------------------------------------------------------


def test_a_mail_server_is_read_from_one_address() -> None:
    assert mail_server("").backend.endswith("console.EmailBackend")
    assert mail_server("smtp+tls://me%40x:p%40ss@mail.example.org") == \
        Mail(host="mail.example.org", port=587, user="me@x", password="p@ss", starttls=True)  # fmt: skip
    assert mail_server("smtps://mail.example.org:4650") == Mail(host="mail.example.org", port=4650, ssl=True)


@pytest.mark.parametrize("url", ["http://mail.example.org", "mail.example.org", "smtp://"])
def test_another_address_stops_the_program(url: str) -> None:
    with pytest.raises(ValueError, match="EMAIL_URL"):
        mail_server(url)
