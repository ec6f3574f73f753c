"""The properties of the fit score: nothing hangs on chance, unknown is no no, and a range holds all it may become."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from parks import criteria, scoring
from parks.criteria import Answer, Criterion, Reading
from parks.scoring import ANY, Option, Points, Verdict

NAMES = ("a", "b", "c")
SHARES = st.integers(0, 20).map(lambda number: Fraction(number, 20))
RANGES = st.tuples(SHARES, SHARES).map(lambda ends: Points(min(ends), max(ends)))
WEIGHTS = st.fixed_dictionaries({name: st.integers(0, 9).map(Fraction) for name in NAMES})
VERDICTS = st.fixed_dictionaries({"must": st.sampled_from(list(Verdict))})
OPTIONS = st.lists(
    st.tuples(st.fixed_dictionaries(dict.fromkeys(NAMES, RANGES)), VERDICTS), min_size=1, max_size=6
).map(lambda found: [Option(f"park-{at}", points, verdicts) for at, (points, verdicts) in enumerate(found)])


@given(OPTIONS, WEIGHTS, st.randoms())
def test_the_order_does_not_hang_on_the_order_of_the_input(options, weights, chance) -> None:  # type: ignore[no-untyped-def]
    other = list(options)
    chance.shuffle(other)
    assert scoring.place(options, weights) == scoring.place(other, weights)


@given(OPTIONS, WEIGHTS, st.integers(1, 1000))
def test_only_the_proportions_of_weights_count(options, weights, factor) -> None:  # type: ignore[no-untyped-def]
    more = {name: weight * factor / 7 for name, weight in weights.items()}
    first, second = scoring.place(options, weights), scoring.place(options, more)
    assert first == second
    assert scoring.swings(first, weights) == scoring.swings(second, more)


@given(OPTIONS, WEIGHTS)
def test_what_is_dominated_never_ranks_above(options, weights) -> None:  # type: ignore[no-untyped-def]
    placed = [(one.option.points, one.rank) for one in scoring.place(options, weights) if one.rank is not None]
    for better, rank in placed:
        for worse, other in placed:
            if all(better[name].low >= worse[name].low and better[name].high >= worse[name].high for name in NAMES):
                assert rank <= other


@given(OPTIONS, WEIGHTS, st.data())
def test_a_range_holds_every_completion_of_the_unknown(options, weights, data) -> None:  # type: ignore[no-untyped-def]
    for option in options:
        whole = scoring.total(option, weights)
        shares = {name: data.draw(SHARES) for name in NAMES}
        exact = {name: option.points[name].low + share * (option.points[name].high - option.points[name].low)
                 for name, share in shares.items()}  # fmt: skip
        told = scoring.total(Option("x", {name: Points(value, value) for name, value in exact.items()}), weights)
        assert whole.low <= told.low == told.high <= whole.high


@given(OPTIONS, WEIGHTS)
def test_only_what_is_known_to_fail_is_eliminated(options, weights) -> None:  # type: ignore[no-untyped-def]
    for one in scoring.place(options, weights):
        assert (one.rank is None) == (one.option.verdicts["must"] is Verdict.FAILS)


@given(OPTIONS, WEIGHTS)
def test_a_missing_fact_that_could_turn_the_order_does_so_when_it_is_told(options, weights) -> None:  # type: ignore[no-untyped-def]
    placed = scoring.place(options, weights)
    known = {one.option.key: one for one in placed}
    for swing in scoring.swings(placed, weights):
        holder = known[swing.holder].option
        points = holder.points[swing.criterion]
        told = points.low if swing.holder == swing.first else points.high
        after = Option(holder.key, {**holder.points, swing.criterion: Points(told, told)}, holder.verdicts)
        again = scoring.place([after, *(one for one in options if one.key != holder.key)], weights)
        ranks = {one.option.key: one.rank for one in again}
        assert ranks[swing.second] < ranks[swing.first]  # type: ignore[operator]


# --- value functions ----------------------------------------------------------------------------------------------

AREA = Criterion("1", "area", "site", unit="km2", worst=Decimal(5), best=Decimal(20), weight=Decimal(1))
NUMBERS = st.decimals(-100, 100, places=2)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_points_of_a_range_hold_the_points_of_every_number_in_it(one, other, within) -> None:  # type: ignore[no-untyped-def]
    low, high = sorted((one, other))
    number = min(max(within, low), high)
    for criterion in (AREA, Criterion("1", "distance", worst=Decimal(50), best=Decimal(5), weight=Decimal(1))):
        around = criteria.points(criterion, Reading(low, high))
        exact = criteria.points(criterion, Reading(number, number))
        assert 0 <= around.low <= exact.low == exact.high <= around.high <= 1


def test_a_straight_line_between_worst_and_best() -> None:
    for number, share in ((0, 0), (5, 0), (8, Fraction(1, 5)), (20, 1), (99, 1)):
        assert criteria.points(AREA, Reading(Decimal(number), Decimal(number))).low == share


def test_an_open_end_reaches_as_far_as_the_value_function() -> None:
    assert criteria.points(AREA, Reading(Decimal(8), None)) == Points(Fraction(1, 5), Fraction(1))
    less = Criterion("1", "siting", "rent", worst=Decimal(100), best=Decimal(20), weight=Decimal(1))
    assert criteria.points(less, Reading(Decimal(60), None)) == Points(Fraction(0), Fraction(1, 2))
    assert criteria.points(less, Reading(None, Decimal(60))) == Points(Fraction(1, 2), Fraction(1))


def test_unknown_is_any_number_of_points_and_an_open_verdict() -> None:
    for criterion in (AREA, Criterion("1", "stage", any_of=("open",), must=True, weight=Decimal(1))):
        assert criteria.points(criterion, Reading()) == ANY
    assert criteria.verdict(Criterion("1", "area", "site", at_least=Decimal(1)), Reading()) is Verdict.OPEN
    assert criteria.verdict(Criterion("1", "stage", any_of=("open",), must=True), Reading()) is Verdict.OPEN


def test_a_hard_bound_is_passed_failed_or_open() -> None:
    at_least = Criterion("1", "area", "site", at_least=Decimal(10))
    at_most = Criterion("1", "distance", at_most=Decimal(0))
    for criterion, low, high, expected in (
        (at_least, 10, 12, Verdict.PASSES), (at_least, 9, 12, Verdict.OPEN), (at_least, 1, 9, Verdict.FAILS),
        (at_least, 11, None, Verdict.PASSES), (at_most, 0, 0, Verdict.PASSES), (at_most, 1, 2, Verdict.FAILS),
        (at_most, 0, 2, Verdict.OPEN), (at_most, None, 0, Verdict.PASSES),
    ):  # fmt: skip
        ends = [None if end is None else Decimal(end) for end in (low, high)]
        assert criteria.verdict(criterion, Reading(ends[0], ends[1])) is expected
    must = Criterion("1", "stage", any_of=("open",), must=True)
    assert criteria.verdict(must, Reading(answer=Answer.NO)) is Verdict.FAILS
