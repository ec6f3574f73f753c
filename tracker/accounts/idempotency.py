"""Idempotency-Key: what was asked once is done once, however often it is sent.

The key is taken in the transaction of the work, so that both are kept or neither: of two requests with one key that
come at once, the second waits for the first and gets its answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone

from tracker.jobs.progress import Progress
from tracker.jobs.registry import Arguments
from tracker.values.errors import Invalid, KeyReused

from .models import ApiToken, KeptAnswer, User

KEPT = timedelta(days=7)
_KEY = re.compile(r"[!-~]{1,200}")


class Answer(NamedTuple):
    status: int
    body: str
    replayed: bool = False


def read_key(text: str) -> str:
    """:raises Invalid: it is empty, too long, or not of visible ASCII characters."""
    if not _KEY.fullmatch(text):
        sentence = "1 至 200 个可见的 ASCII 字符 1 to 200 visible ASCII characters"
        raise Invalid(f"Idempotency-Key: {sentence}", [("Idempotency-Key", sentence)])
    return text


@transaction.atomic
def once(*, token: ApiToken, key: str, digest: str, now: datetime, work: Callable[[], Answer]) -> Answer:
    """The answer of the work, done now or when the key was first used; an error it raises is not kept.

    :param digest: of everything that says what is asked for.
    :raises KeyReused: the key was used with another digest.
    """
    KeptAnswer.objects.filter(token=token, key=key, created_at__lt=now - KEPT).delete()
    try:
        with transaction.atomic():
            kept = KeptAnswer.objects.create(token=token, key=key, digest=digest, created_at=now)
    except IntegrityError:
        kept = KeptAnswer.objects.get(token=token, key=key)
        if kept.digest != digest:
            raise KeyReused(
                "这个键用过，请求却不同；请换一个键 this key came with another request: take a new one"
            ) from None
        return Answer(kept.status, kept.body, replayed=True)
    answer = work()
    kept.status, kept.body = answer.status, answer.body
    kept.save(update_fields=["status", "body"])
    return answer


FORGET_ANSWERS = "forget-answers"


def forget_answers(*, actor: User | None, arguments: Arguments, progress: Progress) -> str:
    """The daily job: delete the answers that need not be kept any longer."""
    with transaction.atomic():
        deleted, _ = KeptAnswer.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
        progress.step(deleted, deleted)
    return f"删去 {deleted} 份旧答复 {deleted} old answers deleted"
