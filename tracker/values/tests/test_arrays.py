"""Lists are written for PostgreSQL just as psycopg writes them."""

from __future__ import annotations

import psycopg
from hypothesis import given
from hypothesis import strategies as st
from psycopg.adapt import Transformer
from psycopg.types.array import ListDumper

from tracker.values.arrays import QuickListDumper

ITEMS = st.one_of(st.none(), st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
                  st.sampled_from(['{"a": "b\\"c"}', "\\", '"', "NULL", "", "a,b"]))  # fmt: skip


@given(st.lists(ITEMS, min_size=1))
def test_the_quick_dumper_writes_what_the_other_writes(items: list[str | None]) -> None:
    assert _written(QuickListDumper, items) == _written(ListDumper, items)


def _written(dumper: type[ListDumper], items: list[str | None]) -> bytes:
    made = dumper(list, Transformer(psycopg.adapters))
    return bytes(made.dump(items) or b"")
