"""Found by the admin: the kinds of this app."""

from __future__ import annotations

from django.contrib import admin

from tracker.curation.admin.entries import EntryAdmin

from .models import Layout, Park, Series

admin.site.register([Park, Layout, Series], EntryAdmin)
