"""Found by the admin: the kinds of this app."""

from __future__ import annotations

from django.contrib import admin

from tracker.curation.admin.entries import EntryAdmin

from .models import Initiative, Organisation, PilotZone, Platform, Policy, Programme

admin.site.register([Policy, Platform, PilotZone, Programme, Initiative, Organisation], EntryAdmin)
