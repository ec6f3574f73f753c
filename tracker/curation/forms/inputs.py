"""One form field per sort of payload field: how its value is shown as text, and how text becomes a value.

A text that was not touched gives back the very value it stood for, so that opening and saving changes nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tracker.curation import spoken, wording
from tracker.entries import fields as declared
from tracker.entries.fields import Field, Json
from tracker.values import canonical, edtf
from tracker.values.spoken_dates import understood

from .references import Book


class Kept(forms.Field):
    """A field that returns its first value for its first text. ``en`` is the English label beside the Chinese."""

    en = ""
    path = ""
    wide = False
    _first: tuple[str, Any] | None = None

    def keep(self, value: Any) -> None:
        self._first = (_plain(self.prepare_value(value)), value)

    def clean(self, value: Any) -> Any:
        if self._first and _plain(value or "") == self._first[0]:
            return self._first[1]
        return super().clean(value)


def _plain(text: Any) -> str:
    return str(text or "").replace("\r\n", "\n").strip()


class TextInput(Kept, forms.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(empty_value=None, **options)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if text else None


class TextsInput(Kept, forms.CharField):
    """One text per line."""

    widget = forms.Textarea
    wide = True

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return list(dict.fromkeys(_lines(value))) or None


def _lines(value: Any) -> list[str]:
    return [line.strip() for line in str(value or "").splitlines() if line.strip()]


class NumberInput(Kept, forms.CharField):
    """An exact number; full-width digits and thousands separators are understood."""

    def prepare_value(self, value: Any) -> Any:
        return canonical.plain(Decimal(value)) if isinstance(value, int | Decimal) else value

    def to_python(self, value: Any) -> Any:
        text = unicodedata.normalize("NFKC", str(value or "")).replace(",", "").replace(" ", "")
        if not text:
            return None
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise ValidationError(
                spoken.told(f"“{value}”不是数；单位写在单位一栏 not a number: the unit has a field of its own")
            )
        return int(number) if number == number.to_integral_value() else number


class DateInput(Kept, forms.CharField):
    """A date as people write it, kept as EDTF; the page shows how it was understood."""

    def to_python(self, value: Any) -> Any:
        try:
            return understood(str(value or "")) or None
        except edtf.InvalidEdtf as error:
            raise ValidationError(
                _("看不懂“%(text)s”；请写 2017、2017-09、2017年9月1日、2017年底、2020年上半年、十四五或 2018/2020"),
                params={"text": value},
            ) from error


class CodeInput(Kept, forms.ChoiceField):
    def keep(self, value: Any) -> None:
        super().keep(value)
        if value and not self.valid_value(self.prepare_value(value)):
            known: Any = self.choices
            self.choices = [*known, (value, value)]

    def clean(self, value: Any) -> Any:
        return super().clean(value) or None


class FlagInput(CodeInput):
    def __init__(self, **options: Any) -> None:
        super().__init__(choices=told([("", "未知 unknown"), ("true", "是 yes"), ("false", "否 no")]), **options)

    def prepare_value(self, value: Any) -> Any:
        return {True: "true", False: "false"}.get(value, value)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return text if isinstance(text, bool) or text is None else text == "true"


class RefInput(Kept, forms.CharField):
    """A reference: its key, its whole name, or ``key name`` as the suggestions give it."""

    member: declared.Ref
    book: Book

    def prepare_value(self, value: Any) -> Any:
        if value is None or (isinstance(value, str) and " " in value):
            return value
        return self.book.shown(self.member, value)

    def to_python(self, value: Any) -> Any:
        return self.book.meant(self.member, str(value).strip()) if value and str(value).strip() else None


class RefsInput(RefInput):
    """References, one per line."""

    widget = forms.Textarea
    wide = True
    _lines_kept: Json

    def keep(self, value: Any) -> None:
        super().keep(value)
        self._lines_kept = {self.book.shown(self.member, item): item for item in value or []}

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(self.book.shown(self.member, item) for item in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        found = []
        for line in _lines(value):
            item = self._lines_kept.get(line) or self.book.meant(self.member, line)
            if item not in found:
                found.append(item)
        return found or None


def told(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Choices with their labels in the reader's language."""
    return [(value, spoken.told(str(label))) for value, label in choices]


def input_for(member: Field, book: Book) -> Kept:
    """The form field of a payload field that is neither a group nor a list of children."""
    made = _input(member, book)
    made.label, made.en, made.help_text, made.required = member.zh, member.en, "", False
    made.widget.is_required = False
    made.help_text = spoken.told(wording.help_text(member.help))
    if member.required:
        made.widget.attrs["data-required"] = ""
    return made


def _input(member: Field, book: Book) -> Kept:
    match member:
        case declared.Refs():
            return _reference(RefsInput(widget=forms.Textarea({"rows": 2})), member, book)
        case declared.Ref(vocabulary=vocabulary) if vocabulary:
            return CodeInput(choices=told([("", "—"), *book.terms(vocabulary)]))
        case declared.Ref():
            return _reference(RefInput(), member, book)
        case declared.Code():
            return CodeInput(choices=told([("", "—"), *member.choices.choices]))
        case declared.Flag():
            return FlagInput()
        case declared.Date():
            return DateInput(widget=forms.TextInput({"data-date": "", "placeholder": "2017-09"}))
        case declared.Number():
            return NumberInput(widget=forms.TextInput({"inputmode": "decimal", "class": "number"}))
        case declared.Texts():
            return TextsInput(widget=forms.Textarea({"rows": 2}))
        case declared.Text(max_length=length):
            return _text(length)
    raise TypeError(f"{type(member).__name__} has no input")


def _text(length: int) -> TextInput:
    long = length >= 300
    widget = forms.Textarea({"rows": 4 if length > 1000 else 2}) if length > 300 else forms.TextInput()
    made = TextInput(max_length=length, widget=widget)
    made.wide = long
    return made


def _reference(made: RefInput, member: declared.Ref, book: Book) -> RefInput:
    made.member, made.book = member, book
    made.widget.attrs |= {"data-suggest": ",".join(member.kinds), "autocomplete": "off",
                          "placeholder": spoken.told("名称或键 name or key")}  # fmt: skip
    if isinstance(member, declared.Refs):
        made.widget.attrs |= {"data-many": "", "placeholder": spoken.told("每行一个：名称或键 one per line")}
    return made
