"""The English of the pages is whole, and compiled."""

from __future__ import annotations

import gettext
import io
import re

import pytest

from tracker.web import catalogue

CHINESE = re.compile(r"[\u3400-\u9fff]")


def test_every_text_of_the_pages_has_an_english_translation() -> None:
    have = catalogue.read(catalogue.PO.read_text(encoding="utf-8"))
    missing = sorted({message for message in catalogue.wanted() if not have.get(message)})
    assert not missing, f"write these into {catalogue.PO}: {missing}"


def test_no_translation_is_left_over() -> None:
    have = catalogue.read(catalogue.PO.read_text(encoding="utf-8"))
    assert not {message for message in have if message} - set(catalogue.wanted())


def test_no_translation_is_chinese_still() -> None:
    have = catalogue.read(catalogue.PO.read_text(encoding="utf-8"))
    left = [text for text in have.values() if CHINESE.search(text.replace("江北新区", ""))]
    assert not left


def test_the_compiled_catalogue_is_up_to_date() -> None:
    expected = catalogue.compiled(catalogue.read(catalogue.PO.read_text(encoding="utf-8")))
    assert catalogue.MO.read_bytes() == expected, "run: python -m tracker.web.catalogue"


def test_gettext_reads_what_is_compiled_plurals_included() -> None:
    translations = gettext.GNUTranslations(io.BytesIO(catalogue.MO.read_bytes()))
    assert translations.gettext("政策与园区追踪") == "Policy and Park Tracker"
    plural = "共 %(shown)s 条"
    assert translations.ngettext(plural, plural, 1) == "%(shown)s entry"
    assert translations.ngettext(plural, plural, 2) == "%(shown)s entries"


def test_a_broken_line_is_named() -> None:
    with pytest.raises(ValueError, match="msgstr oops"):
        catalogue.read('msgid "甲"\nmsgstr oops')


def test_placeholders_are_the_same_in_both_languages() -> None:
    names = re.compile(r"%\((\w+)\)s|\{\}")
    for message, text in catalogue.read(catalogue.PO.read_text(encoding="utf-8")).items():
        for form in text.split("\0"):
            if message:
                assert sorted(names.findall(form)) == sorted(names.findall(message.split("\0")[0])), message
