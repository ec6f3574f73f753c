from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.web import glyph
from tracker.web.glyph import Part


def part(key: str, role: str, name: str = "", part_of: str = "") -> Part:
    return Part(key=key, role=role, word="核", name=name or key, part_of=part_of)


ONE_CORE_TWO_BELTS = [
    part("core", "core", "总部基地核"),
    part("bay", "section", "深圳湾片区", "core"),
    part("research", "belt", "研发孵化带"),
    part("luohu", "demonstration", "罗湖人工智能产业基地", "research"),
    part("making", "belt", "智能制造带"),
]


def test_one_core_and_two_belts_give_a_halo_and_two_strokes() -> None:
    drawn = glyph.draw(ONE_CORE_TWO_BELTS)
    assert drawn is not None
    forms = [shape.form for shape in drawn.shapes]
    assert forms.count("halo") == 1
    assert forms.count("stroke") == 2
    assert forms.count("node") == 1


@pytest.mark.parametrize(
    ("role", "form"), [("core", "disc"), ("ring", "ring"), ("point", "dot"), ("section", "box"), ("corridor", "stroke")]
)
def test_each_role_has_its_form(role: str, form: str) -> None:
    drawn = glyph.draw([part("one", role)])
    assert drawn is not None
    assert drawn.shapes[0].form == form


def test_no_parts_make_no_glyph() -> None:
    assert glyph.draw([]) is None


def test_every_part_is_named_in_the_drawing() -> None:
    drawn = glyph.draw(ONE_CORE_TWO_BELTS)
    assert drawn is not None
    written = "".join(words.text for words in drawn.words)
    for item in ONE_CORE_TWO_BELTS:
        assert item.name in written


def test_parts_that_contain_each_other_in_a_circle_are_still_drawn() -> None:
    drawn = glyph.draw([part("a", "core", "甲", "b"), part("b", "core", "乙", "a")])
    assert drawn is not None
    assert drawn.height < 2000


def test_a_part_of_something_that_is_not_there_stands_by_itself() -> None:
    drawn = glyph.draw([part("a", "point", "甲", "gone")])
    assert drawn is not None
    assert [shape.form for shape in drawn.shapes] == ["dot"]


def test_long_names_wrap_and_no_line_begins_with_a_closing_mark() -> None:
    lines = glyph.wrapped("栖霞区中国（南京）智谷、麒麟科创园（高新区）", 100)
    assert len(lines) > 1
    assert not any(line[0] in "）、，》。" for line in lines)


@given(st.text(alphabet="人工智能AI gm（）、 0", min_size=1, max_size=60), st.integers(40, 300))
def test_wrapping_keeps_the_words_or_says_that_it_cut_them(text: str, width: int) -> None:
    lines = glyph.wrapped(text, width)
    whole = "".join(lines).replace(" ", "")
    assert whole == text.replace(" ", "") or lines[-1].endswith("…")


roles = st.sampled_from(["core", "belt", "point", "section", "ring", "garden", "tier"])
keys = st.sampled_from(list("abcdefgh"))


@given(st.lists(st.tuples(keys, roles, keys | st.just("")), max_size=12, unique_by=lambda item: item[0]))
def test_any_layout_is_drawn_within_its_width(found: list[tuple[str, str, str]]) -> None:
    drawn = glyph.draw([part(key, role, f"部分{key}", above) for key, role, above in found])
    if drawn is not None:
        assert all(0 <= shape.x <= glyph.WIDTH for shape in drawn.shapes)
        assert all(words.y <= drawn.height for words in drawn.words)


def test_the_name_in_a_lone_box_stays_inside_it() -> None:
    drawn = glyph.draw([Part("other", "section", "片区", "苏州国际科技园其他各期及苏州工业园区其他片区")])
    assert drawn
    box = next(shape for shape in drawn.shapes if shape.form == "box")
    assert all(glyph.measure(words.text) <= box.width for words in drawn.words)
