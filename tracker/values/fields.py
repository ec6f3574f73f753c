"""Model fields for the pure types.

An EDTF value takes three columns: its text, and its first and last day, which the fields compute from the text
each time the row is written, so that they can never disagree.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from . import edtf


class EdtfField(models.CharField):  # type: ignore[type-arg]
    """The text of an EDTF value; empty means unknown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 32)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        try:
            if value:
                edtf.parse(value)
        except edtf.InvalidEdtf as error:
            raise ValidationError(str(error), code="invalid_edtf") from error


class BoundField(models.DateField):  # type: ignore[type-arg]
    """The first (``edge="lower"``) or last (``edge="upper"``) day of the EDTF field named ``of``."""

    def __init__(self, *, of: str, edge: str, **kwargs: Any) -> None:
        self.of = of
        self.edge = edge
        kwargs.update(null=True, editable=False)
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of, "edge": self.edge}

    def pre_save(self, model_instance: Any, add: bool) -> date | None:
        text = getattr(model_instance, self.of)
        bound: date | None = getattr(edtf.parse(text), self.edge) if text else None
        setattr(model_instance, self.attname, bound)
        return bound


def bounds(of: str, *, db_index: bool = False) -> tuple[BoundField, BoundField]:
    """The two day columns of an EDTF field: ``issued_lower, issued_upper = bounds("issued")``."""
    return (
        BoundField(of=of, edge="lower", db_index=db_index),
        BoundField(of=of, edge="upper", db_index=db_index),
    )


class ByteOrderedField(models.CharField):  # type: ignore[type-arg]
    """ASCII text ordered by its bytes on every database; a locale's order would differ from one to the next."""

    def db_parameters(self, connection: Any) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters
