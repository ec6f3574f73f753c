"""Byte ranges, by the standard's own words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rest.ranges import Span, Unsatisfiable, asked_for


@given(st.integers(1, 500), st.integers(0, 600), st.integers(0, 600))
def test_a_range_is_the_slice_it_names(size: int, first: int, last: int) -> None:
    content = list(range(size))
    header = f"bytes={first}-{last}"
    if last < first:
        assert asked_for(header, size) is None
    elif first >= size:
        with pytest.raises(Unsatisfiable):
            asked_for(header, size)
    else:
        span = asked_for(header, size)
        assert span is not None
        assert content[span.first : span.last + 1] == content[first : last + 1]


@given(st.integers(1, 500), st.integers(1, 600))
def test_a_suffix_is_the_end_of_the_file(size: int, length: int) -> None:
    span = asked_for(f"bytes=-{length}", size)
    assert span == Span(max(size - length, 0), size - 1)


@given(st.text(max_size=40), st.integers(0, 10**6))
def test_no_header_breaks_it(header: str, size: int) -> None:
    try:
        span = asked_for(header, size)
    except Unsatisfiable:
        return
    assert span is None or 0 <= span.first <= span.last < size


def test_a_range_of_an_empty_file_is_never_satisfiable() -> None:
    for header in ("bytes=0-", "bytes=-1"):
        with pytest.raises(Unsatisfiable):
            asked_for(header, 0)
