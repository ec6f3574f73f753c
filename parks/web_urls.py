"""Addresses of the pages on which parks are decided about."""

from __future__ import annotations

from django.urls import path

from . import comparison_views, score_views
from .teams import views as teams

urlpatterns = [
    path("parks/compare/", comparison_views.compare, name="compare"),
    path("parks/score/", score_views.score_page, name="score"),
    path("account/register/", teams.register, name="register"),
    path("teams/", teams.team_list, name="teams"),
    path("teams/join/<str:secret>/", teams.join, name="join-team"),
    path("teams/<int:pk>/", teams.team_page, name="team"),
    path("teams/<int:pk>/<slug:move>/", teams.team_move, name="team-move"),
    path("shortlists/", teams.shortlist_list, name="shortlists"),
    path("shortlists/shared/<str:secret>/", teams.shared, name="shared-shortlist"),
    path("shortlists/<int:pk>/", teams.shortlist_page, name="shortlist"),
    path("shortlists/<int:pk>/<slug:move>/", teams.shortlist_move, name="shortlist-move"),
]
