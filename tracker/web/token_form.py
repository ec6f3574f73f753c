"""The forms about tokens: what is asked when one is made, and how long its former secret stays valid."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from tracker.accounts import tokens
from tracker.accounts.models import Scope, User
from tracker.entries import kinds

from .language import label, many
from .place_field import PlacesField

LIFETIMES = (30, 90, 365, 0)
"""Days; 0: without end."""
OVERLAPS = (0, 1, 7, 30)


def _days(numbers: tuple[int, ...], none: str) -> list[tuple[str, str]]:
    return [(str(number), _("%(number)s 天") % {"number": number} if number else none) for number in numbers]


class TokenForm(forms.Form):
    """A token for oneself, within what one may do oneself."""

    name = forms.CharField(max_length=80)
    scopes = forms.MultipleChoiceField()
    lifetime = forms.ChoiceField()
    kinds = forms.MultipleChoiceField(required=False)
    places = PlacesField(required=False, max_length=600)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, list[tuple[str, str]]] = {
            "scopes": [(scope.value, label(scope)) for scope in tokens.allowed_scopes(user)],
            "lifetime": _days(LIFETIMES, _("不到期")),
            "kinds": [(kind.name, many(kind)) for kind in kinds.every()],
        }
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = offered
        self.initial = {"scopes": [Scope.READ.value], "lifetime": "365"}

    def expires_at(self, now: datetime) -> datetime | None:
        days = int(self.cleaned_data["lifetime"])
        return now + timedelta(days=days) if days else None


class RotationForm(forms.Form):
    """For how long the former secret stays valid beside the new one."""

    overlap = forms.ChoiceField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["overlap"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = _days(OVERLAPS, _("立即失效"))
        self.initial = {"overlap": "7"}

    @property
    def span(self) -> timedelta:
        return timedelta(days=int(self.cleaned_data["overlap"]))
