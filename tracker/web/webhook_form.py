"""The forms about webhooks: what is wanted and where, and from which number on something is sent again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from tracker.curation import spoken
from tracker.delivery.interest import Interest
from tracker.delivery.webhooks.models import Webhook
from tracker.delivery.webhooks.subscribing import Wish
from tracker.entries import kinds
from tracker.values.codes import Nature
from tracker.values.errors import Invalid, TrackerError

from .language import label, listed, many
from .place_field import PlacesField, words

OVERLAPS = (0, 24, 168, 720)
"""Hours."""


class WebhookForm(forms.Form):
    """What an owner says of a webhook."""

    name = forms.CharField(max_length=80)
    url = forms.CharField(max_length=500)
    kinds = forms.MultipleChoiceField(required=False)
    places = PlacesField(required=False, max_length=600)
    natures = forms.MultipleChoiceField(required=False)
    changed = forms.CharField(required=False, max_length=600)
    include_document = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = {"kinds": [(kind.name, many(kind)) for kind in kinds.every()],
                   "natures": [(nature.value, label(nature)) for nature in Nature]}  # fmt: skip
        for name, choices in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    @classmethod
    def of(cls, webhook: Webhook) -> WebhookForm:
        """The form as the webhook is now."""
        interest = Interest.recall(webhook.interest)
        return cls(initial={
            "name": webhook.name, "url": webhook.url, "kinds": list(interest.kinds), "natures": list(interest.natures),
            "places": " ".join(interest.places), "changed": " ".join(interest.fields),
            "include_document": webhook.include_document,
        })  # fmt: skip

    def clean_changed(self) -> list[str]:
        """Members of documents, such as areas or /areas/site-2019."""
        paths = words(self.cleaned_data["changed"])
        lost = [path for path in paths if not _is_member(path, self.cleaned_data.get("kinds", []))]
        if lost:
            message = _("没有字段 %(fields)s；请写字段名，如 areas，或其中一项，如 /areas/site-2019。")
            raise forms.ValidationError(message % {"fields": listed(lost)})
        return paths

    @property
    def wish(self) -> Wish:
        asked = self.cleaned_data
        lists = {"place": asked["places"], "kind": asked["kinds"], "field": asked["changed"],
                 "nature": asked["natures"]}  # fmt: skip
        return Wish(asked["name"], asked["url"], Interest.of_json(lists), asked["include_document"])

    def blame(self, error: TrackerError) -> None:
        """Put what a service refused beside the field it is about."""
        for name, sentence in error.errors or [("", error.message)]:
            self.add_error(name if name in self.fields else None, spoken.alone(sentence))


def _is_member(path: str, of_kinds: list[str]) -> bool:
    try:
        Interest.of_json({"field": [path], "kind": of_kinds})
    except Invalid:
        return False
    return True


class SecretForm(forms.Form):
    """For how long the former secret signs beside the new one."""

    overlap = forms.ChoiceField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["overlap"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(hours), _overlap(hours)) for hours in OVERLAPS]
        self.initial = {"overlap": "24"}

    @property
    def span(self) -> timedelta:
        return timedelta(hours=int(self.cleaned_data["overlap"]))


def _overlap(hours: int) -> str:
    return _("%(number)s 天") % {"number": hours // 24} if hours else _("立即失效")


class RedeliveryForm(forms.Form):
    """A number of the feed; everything after it is sent again."""

    after = forms.IntegerField(min_value=0)
