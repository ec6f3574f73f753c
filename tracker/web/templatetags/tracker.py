"""Tags and filters of the pages; loaded everywhere (see TEMPLATES in settings)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tracker.curation import spoken
from tracker.entries.fields import Json
from tracker.web import language, numbers, parameters, phrases
from tracker.web import linked_data as schema_org

register = template.Library()


@register.filter
def label(named: Any) -> str:
    """The label of a kind or field in the page's language."""
    return language.label(named)


@register.filter
def told(text: Any) -> str:
    """A label written ``中文 English`` in the reader's language."""
    return spoken.told(str(text))


@register.filter
def choice(code: Any) -> str:
    """A fixed code in the reader's language."""
    return spoken.choice(str(code.value), str(code.label))


@register.filter
def state(row: Any) -> str:
    """The state of a row in the reader's language."""
    return spoken.choice(row.state, row.get_state_display())


@register.filter
def nature(row: Any) -> str:
    """Why something changed, in the reader's language."""
    return spoken.choice(row.nature, row.get_nature_display())


@register.filter
def many(kind: Any) -> str:
    """The name of a kind for several of it."""
    return language.many(kind)


@register.filter
def bracketed(text: Any) -> SafeString:
    return format_html(language.pick("（{}）", " ({})"), text)


@register.filter
def name(words: language.Spoken) -> SafeString:
    """A name, marked with its language where that is not the page's."""
    return phrases.spoken(words)


@register.filter
def linked(reference: Json | None) -> SafeString:
    return phrases.linked(reference)


@register.filter
def linked_data(document: Json) -> SafeString:
    """The JSON-LD of an entry's page."""
    return schema_org.script(document)


@register.filter
def edtf(text: str | None) -> SafeString:
    return phrases.dated(text)


@register.filter
def grouped(number: Any) -> str:
    """1234 → 1,234."""
    return numbers.grouped(number)


@register.filter
def day(moment: datetime | date | None) -> SafeString:
    """A day as people say it, machine-readable beside."""
    if moment is None:
        return SafeString("")
    local = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), language.said(local.isoformat()))


@register.filter
def minute(moment: datetime) -> SafeString:
    """A moment to the minute, Asia/Shanghai."""
    local = timezone.localtime(moment)
    return format_html('<time datetime="{}">{} {}</time>', local.isoformat(timespec="minutes"),
                       language.said(local.date().isoformat()), f"{local:%H:%M}")  # fmt: skip


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **values: str) -> str:
    """The query of this page with some parameters changed."""
    return parameters.changed(context["request"].GET, **values)
