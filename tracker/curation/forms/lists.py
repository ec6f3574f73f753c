"""Repeatable rows: a Django formset over a list in a payload, with rows added, deleted and moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext

from tracker.entries.fields import Json

from .rows import MembersForm

Data = Mapping[str, Any]


class Rows(BaseFormSet):  # type: ignore[type-arg]
    """The rows of one list. ``values`` are the list's items in the payload, in order."""

    values: list[Json]
    zh: str
    en: str
    list_errors: list[str]
    """What is wrong with the list as a whole."""

    @property
    def name(self) -> str:
        return str(self.prefix)

    def get_form_kwargs(self, index: int | None) -> Json:
        known = index is not None and index < len(self.values)
        return {**self.form_kwargs, "value": self.values[index] if known and index is not None else {}}

    def add_fields(self, form: MembersForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ORDER"].label, form.fields["DELETE"].label = gettext("次序"), gettext("删除此行")

    def kept(self) -> list[MembersForm]:
        """The rows that are not deleted and not left blank, in the order wished for."""
        rows = [(index, form) for index, form in enumerate(self.forms) if self._stays(index, form)]
        return [form for _, form in sorted(rows, key=lambda row: (row[1].cleaned_data.get("ORDER") or 10_000, row[0]))]

    def _stays(self, index: int, form: MembersForm) -> bool:
        if form.cleaned_data.get("DELETE"):
            return False
        return index < len(self.values) or any(
            value not in (None, []) for name, value in form.cleaned_data.items() if name not in ("ORDER", "DELETE")
        )


def rows(prefix: str, form: type[MembersForm], values: list[Json], *, zh: str, en: str, most: int, data: Data | None,
         **form_options: Any) -> Rows:  # fmt: skip
    """The formset of a list.

    :param data: what was posted; None shows the values.
    """
    made = forms.formset_factory(form, formset=Rows, extra=0, can_delete=True, can_order=True, max_num=most,
                                 absolute_max=most + 500)  # fmt: skip
    found: Rows = made(data, prefix=prefix, initial=[{} for _ in values], form_kwargs=form_options)  # type: ignore[assignment]
    found.values, found.zh, found.en, found.list_errors = values, zh, en, []
    return found


def with_one_more(data: Data, wanted: str) -> Json:
    """What was posted, with one more row in a list: blank, or of ``citations@/opened`` with that path filled in."""
    posted = {name: data.get(name) for name in data}
    prefix, _at, path = wanted.partition("@")
    position = int(posted.get(f"{prefix}-TOTAL_FORMS") or 0)
    posted[f"{prefix}-TOTAL_FORMS"] = str(position + 1)
    if path:
        posted[f"{prefix}-{position}-path"] = path
    return posted
