"""The admin of the editors in place of Django's own: its site class stands with the pages it serves."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class EditorsAdminConfig(AdminConfig):
    default_site = "tracker.curation.admin.site.EditorsSite"
