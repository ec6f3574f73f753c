"""What a browser would post of a form that nobody touched."""

from __future__ import annotations

from django import forms

from tracker.curation.forms.entry import EntryForm


def posted(form: EntryForm) -> dict[str, str]:
    data = _of(form.about) | _of(form.facts)
    for listed in (*form.lists.values(), form.citations, form.rulings):
        data |= _of(listed.management_form)
        for row in listed.forms:
            data |= _of(row)
    return data


def _of(form: forms.BaseForm) -> dict[str, str]:
    found = {}
    for bound in form:
        value = bound.value()
        if value is not None and value is not False:
            found[bound.html_name] = str(value).replace("\n", "\r\n")
    return found
