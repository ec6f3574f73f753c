"""What holds from when to when, against asking the rules day by day."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from tracker.delivery.as_of import cut
from tracker.entries.fields import Json
from tracker.entries.models import Entry
from tracker.entries.rendering import on_day
from tracker.timeline.models import Span
from tracker.timeline.spans import Stretch, stretches_of
from tracker.values import canonical

KINDS = ("policy", "park", "platform", "zone")
EDTF = ["2017", "2018-03", "2019-10-17", "2020-12~", "2021-33", "2018/2020", "2019-04/..", "../2020-06", None, None]


def randomly_dated(document: Json, random: Random) -> Json:
    """The document with every date in it replaced at random, by all sorts of precision."""

    def mixed(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: mixed(inner, key) for key, inner in value.items()}
        if isinstance(value, list):
            return [mixed(inner) for inner in value]
        if name == "period":
            return random.choice(["2016/2020", "2019/2021-06", "2018/..", None])
        return random.choice(EDTF) if name in DATES else value

    shown: Json = mixed(document) | {"stale_after": random.choice(["2019-06-30", "2024-03-31", None])}
    causes = [{"kind": "policy", "key": "x", "name": "x", "name_en": None, "date": random.choice(EDTF)}]
    names = [name for name in ("superseded_by", "amended_by", "repealed_by", "partly_repealed_by") if name in document]
    return shown | {name: causes if random.random() < 0.2 else [] for name in names}


DATES = {"issued", "effective", "expires", "opened", "approved", "approved_within", "withdrawn", "date", "founded",
         "from", "to"}  # fmt: skip


def at(stretches: list[Stretch], day: date) -> Json:
    begun = [stretch for stretch in stretches if stretch.since is None or stretch.since <= day]
    return next(stretch.members for stretch in begun if stretch.until is None or day < stretch.until)


@lru_cache(maxsize=1)
def days() -> list[date]:
    return [date(2015, 12, 1) + timedelta(days=offset) for offset in range(0, 3300, 7)]


@pytest.fixture
def documents(founding: None) -> list[Json]:
    rows = Entry.objects.live().filter(kind__in=KINDS).order_by("kind", "key")
    return [canonical.loads(text) for text in rows.values_list("document", flat=True)]


@pytest.mark.parametrize("seed", range(3))
def test_stretches_say_what_the_rules_say_of_every_day(documents: list[Json], seed: int) -> None:
    random = Random(seed)
    for document in random.sample(documents, 25):
        dated = randomly_dated(document, random)
        stretches = stretches_of(dated)
        for day in random.sample(days(), 40):
            assert at(stretches, day) == on_day(dated, day), (dated["key"], day)


@pytest.mark.parametrize("seed", range(3))
def test_a_document_cut_to_a_day_has_the_status_the_whole_one_has_on_it(documents: list[Json], seed: int) -> None:
    random = Random(seed)
    for document in random.sample(documents, 25):
        dated = randomly_dated(document, random)
        for day in random.sample(days(), 20):
            if (then := cut(dated, day)) is not None:
                assert then["status"] == on_day(dated, day)["status"], (dated["key"], day)


def test_stretches_follow_each_other_without_a_gap_and_differ(documents: list[Json]) -> None:
    for document in documents:
        stretches = stretches_of(document)
        assert (stretches[0].since, stretches[-1].until) == (None, None)
        for one, other in pairwise(stretches):
            assert one.until == other.since
            assert one.members != other.members


def test_each_day_lies_in_one_span_of_each_entry_that_has_a_status(documents: list[Json]) -> None:
    for day in (date(1990, 1, 1), date(2018, 6, 1), date(2020, 12, 31), date(2099, 1, 1)):
        assert Span.objects.on(day).count() == len(documents)
