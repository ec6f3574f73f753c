"""Form fields of query parameters: typed, repeatable, and clear about what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from tracker.values import edtf

from .problems import suggestion


class ManyWidget(forms.Widget):
    """Repeating a parameter means “or”."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        found: list[str] = data.getlist(name)
        return found


class ManyField(forms.Field):
    """A parameter that may be repeated; each value is one of ``allowed`` when that is given."""

    widget = ManyWidget

    def __init__(self, *, allowed: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.allowed = list(allowed) if allowed is not None else None
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[str]:
        if self.allowed is not None and "" in (value or []):
            raise ValidationError("has no value; leave it out")
        values = [text for text in value or [] if text != ""]
        for text in values:
            if self.allowed is not None and text not in self.allowed:
                listed = ", ".join(self.allowed[:20])
                raise ValidationError(f"{text!r} is none of {listed}{suggestion(text, self.allowed)}")
        return values


class EdtfField(forms.CharField):
    def clean(self, value: Any) -> edtf.Edtf | None:
        text = super().clean(value)
        try:
            return edtf.parse(text) if text else None
        except edtf.InvalidEdtf as error:
            raise ValidationError(str(error)) from error


class MomentField(forms.CharField):
    """A moment; a date means its end, Asia/Shanghai (``end=False``: its beginning)."""

    def __init__(self, *, end: bool, **kwargs: Any) -> None:
        self.end = end
        super().__init__(**kwargs)

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        return moment(text, end=self.end) if text else None


def moment(text: str, *, end: bool) -> datetime:
    """Read ``2026-11-20`` or ``2026-11-20T08:00:00Z``.

    :raises ValidationError: it is neither.
    """
    try:
        day = parse_date(text)  # first: a date alone would be read as its midnight
        found = None if day else parse_datetime(text.replace(" ", "+"))
    except ValueError as error:
        raise ValidationError(f"{text!r} is not a moment: {error}") from error
    if found:
        return found if found.tzinfo else timezone.make_aware(found)
    if not day:
        raise ValidationError(f"{text!r} is not a date or moment; write 2026-11-20 or 2026-11-20T08:00:00Z")
    return timezone.make_aware(datetime.combine(day, time.max if end else time.min))


class BoxField(forms.CharField):
    """``west,south,east,north`` in degrees."""

    def clean(self, value: Any) -> tuple[float, float, float, float] | None:
        text = super().clean(value)
        if not text:
            return None
        west, south, east, north = _numbers(text, 4, "west,south,east,north")
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise ValidationError("must be west,south,east,north in degrees, west ≤ east and south ≤ north")
        return west, south, east, north


class PointField(forms.CharField):
    """``lat,lng`` in degrees (WGS 84)."""

    def clean(self, value: Any) -> tuple[float, float] | None:
        text = super().clean(value)
        if not text:
            return None
        lat, lng = _numbers(text, 2, "lat,lng")
        if not (-90 <= lat <= 90 and -180 <= lng <= 180):
            raise ValidationError("must be lat,lng in degrees")
        return lat, lng


def _numbers(text: str, count: int, shape: str) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise ValidationError(f"{text!r} is not {shape}") from error
    if len(numbers) != count or any(number != number for number in numbers):
        raise ValidationError(f"{text!r} is not {shape}")
    return numbers


class AreaField(forms.DecimalField):
    """An area in m², not negative."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_digits=24, **kwargs)
