"""Addresses of Explore: it takes the place of the plain list of parks."""

from __future__ import annotations

from django.urls import path

from . import map, page

urlpatterns = [
    path("parks/", page.explore, name="explore"),
    path("parks/map/<slug:layer>.json", map.layer, name="map-layer"),
]
