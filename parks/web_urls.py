"""Addresses of the pages on which parks are decided about."""

from __future__ import annotations

from django.urls import path

from . import comparison_views

urlpatterns = [
    path("parks/compare/", comparison_views.compare, name="compare"),
]
