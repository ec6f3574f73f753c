"""Places asked for by their keys in one line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from tracker.entries.models import Entry

from .language import listed

MOST_PLACES = 50


class PlacesField(forms.CharField):
    """Keys of places, separated by blanks or commas; each must be here."""

    def clean(self, value: Any) -> list[str]:
        keys = words(super().clean(value))
        if len(keys) > MOST_PLACES:
            raise forms.ValidationError(_("最多 %(most)s 个地区。") % {"most": MOST_PLACES})
        known = set(Entry.objects.live().filter(kind="place", key__in=keys).values_list("key", flat=True))
        lost = [key for key in keys if key not in known]
        if lost:
            message = _("没有地区 %(keys)s；请用六位行政区划代码或区域的键。")
            raise forms.ValidationError(message % {"keys": listed(lost)})
        return keys


def words(text: str) -> list[str]:
    """What stands between blanks and commas, each once."""
    return list(dict.fromkeys(text.replace(",", " ").replace("，", " ").split()))
