"""Tokens of names and queries."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tracker.search import tokens

chinese = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=12)


def finds(query: str, name: str) -> bool:
    whole, prefixes = tokens.of_query(query)
    present = tokens.of_name(name)
    return all(token in present for token in whole) and all(
        any(token.startswith(prefix) for token in present) for prefix in prefixes
    )


@given(chinese, st.data())
def test_any_two_neighbouring_characters_find_a_name(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 2))
    assert finds(name[at : at + 2], name)


def test_pinyin_and_initials_find_a_name_from_every_character_on() -> None:
    assert finds("jiangxinzhou", "江心洲生态科技岛")
    assert finds("zgc", "北京中关村科学城")
    assert finds("keji", "江心洲生态科技岛")


def test_traditional_forms_find_simplified_names() -> None:
    assert finds("先導區", "上海浦东先导区")


def test_tokens_are_plain_ascii_for_every_parser() -> None:
    assert all(token.isascii() and token.isalnum() for token in tokens.of_name("中国（南京）智谷·AI+5G"))


def test_a_query_without_letters_asks_for_nothing() -> None:
    assert tokens.of_query("！？") == ([], [])
