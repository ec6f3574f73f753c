"""A fit score put together: what is asked, read at one moment of both clocks, judged, set in order and explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from parks import criteria, score_words, scoring
from parks.comparing import cited
from parks.criteria import Criterion, Reading
from parks.moment import Moment
from parks.rivals import Part
from parks.score_gathering import Gathered, gather
from parks.score_readings import Own, Subject, read
from parks.score_words import Said
from parks.scoring import Option, Placed, Points, Swing
from tracker.entries.fields import Json
from tracker.entries.kinds import plain_reference

Readings = Mapping[str, Mapping[str, Reading]]
"""By park, by criterion."""


def score(selection: Mapping[str, Sequence[str]], asked: Sequence[Criterion], moment: Moment,
          own: Mapping[str, Sequence[Own]] | None = None) -> Json:  # fmt: skip
    """The whole answer; the same question at the same ``known_at`` has the same answer for ever.

    :param own: a team's own values, by park; without them the answer is everybody's.
    :raises Invalid: as ``score_gathering.gather``.
    """
    gathered = gather(selection, asked, moment, own or {})
    subjects = {subject.document["key"]: subject for subject in gathered.subjects}
    readings = {key: {one.key: read(one, subject, gathered.world) for one in asked}
                for key, subject in subjects.items()}  # fmt: skip
    weights = {one.key: Fraction(one.weight) for one in asked if one.soft}
    placed = scoring.place([_option(key, asked, found) for key, found in readings.items()], weights)
    shares = _shares(weights)
    return {
        "as_of": moment.as_of.isoformat(),
        "known_at": moment.known_at_text,
        "request": _request(selection, subjects, asked, moment, gathered),
        "criteria": [_criterion(one, shares, gathered) for one in asked],
        "results": [_result(one, subjects, asked, readings, shares, gathered) for one in placed],
        "swings": [_swing(one, placed, subjects, asked, gathered) for one in scoring.swings(placed, weights)],
        "not_yet": gathered.not_yet,
        "parts": [_part(one, subjects) for one in gathered.parts],
    }


def _part(one: Part, subjects: Mapping[str, Subject]) -> Json:
    return {"park": plain_reference(subjects[one.inner].document),
            "within": plain_reference(subjects[one.outer].document)}  # fmt: skip


def _option(key: str, asked: Sequence[Criterion], readings: Mapping[str, Reading]) -> Option:
    return Option(
        key,
        {one.key: criteria.points(one, readings[one.key]) for one in asked if one.soft},
        {one.key: criteria.verdict(one, readings[one.key]) for one in asked if one.hard},
    )


def _shares(weights: Mapping[str, Fraction]) -> dict[str, Fraction]:
    whole = sum(weights.values(), Fraction(0))
    return {key: weight / whole if whole else Fraction(0) for key, weight in weights.items()}


def _request(selection: Mapping[str, Sequence[str]], subjects: Mapping[str, Subject], asked: Sequence[Criterion],
             moment: Moment, gathered: Gathered) -> Json:  # fmt: skip
    """The same question with its parks named and both clocks set: sent again it has this very answer."""
    keys = sorted([*subjects, *(park["key"] for park in gathered.not_yet)])
    return {"parks": {"key": keys}, "criteria": [criteria.as_asked(one) for one in asked],
            "as_of": moment.as_of.isoformat(), "known_at": moment.known_at_text}  # fmt: skip


def _criterion(one: Criterion, shares: Mapping[str, Fraction], gathered: Gathered) -> Json:
    return {"key": one.key, "type": one.type, "title": score_words.title(one, gathered.references).shown(),
            "hard": one.hard, "soft": one.soft, "share": rounded(shares.get(one.key, Fraction(0)))}  # fmt: skip


def _result(one: Placed, subjects: Mapping[str, Subject], asked: Sequence[Criterion], readings: Readings,
            shares: Mapping[str, Fraction], gathered: Gathered) -> Json:  # fmt: skip
    document = subjects[one.option.key].document
    return {
        "park": plain_reference(document), "rank": one.rank, **_range(one.total),
        "eliminated_by": list(one.failed), "open": list(one.open),
        "criteria": [_judged(each, one, readings[one.option.key][each.key], shares, document, gathered)
                     for each in asked],
    }  # fmt: skip


def _range(points: Points) -> Json:
    return {"low": rounded(points.low), "middle": rounded(points.middle), "high": rounded(points.high)}


def _judged(one: Criterion, placed: Placed, reading: Reading, shares: Mapping[str, Fraction], document: Json,
            gathered: Gathered) -> Json:  # fmt: skip
    points, verdict = placed.option.points.get(one.key), placed.option.verdicts.get(one.key)
    said = score_words.sentence(one, reading, points, verdict, shares.get(one.key, Fraction(0)), gathered.references)
    none = {"low": None, "middle": None, "high": None}
    return {
        "criterion": one.key, "verdict": verdict and verdict.value, **(_range(points) if points else none),
        "said": said.shown(), "own": reading.own, "paths": list(reading.paths),
        "citations": [citation for path in reading.paths for citation in cited(document["citations"], path)],
    }  # fmt: skip


def _swing(one: Swing, placed: Sequence[Placed], subjects: Mapping[str, Subject], asked: Sequence[Criterion],
           gathered: Gathered) -> Json:  # fmt: skip
    ranks = {each.option.key: each.rank or 0 for each in placed}
    first, second, holder = (plain_reference(subjects[key].document) for key in (one.first, one.second, one.holder))
    about: Said = score_words.title(next(each for each in asked if each.key == one.criterion), gathered.references)
    said = score_words.turn(first, second, holder, about, (ranks[one.first], ranks[one.second]))
    return {"first": first, "second": second, "park": holder, "criterion": one.criterion, "said": said.shown()}


def rounded(share: Fraction) -> Decimal:
    """To four places, so that equal fractions are written alike."""
    return round(Decimal(share.numerator) / Decimal(share.denominator), 4).normalize() + 0
