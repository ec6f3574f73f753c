"""Addresses of the pages on which parks are decided about."""

from __future__ import annotations

from django.urls import path

from . import comparison_views, score_views

urlpatterns = [
    path("parks/compare/", comparison_views.compare, name="compare"),
    path("parks/score/", score_views.score_page, name="score"),
]
