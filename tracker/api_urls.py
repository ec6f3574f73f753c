"""Addresses of the REST API, version 1; names as partners rely on them."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path
from drf_spectacular.views import SpectacularSwaggerSplitView

from parks import api as parks
from parks import moments_api as moments
from parks.kinds import PARK
from parks.score_api import ScoreViewSet
from policies import api as policies
from tracker.curation.api import ProposalViewSet
from tracker.delivery import api as merged
from tracker.delivery import exports, feed_views, reference_views
from tracker.delivery.coverage_views import CoverageViewSet
from tracker.delivery.openapi import ChangelogViewSet, SchemaViewSet
from tracker.delivery.quality_views import QualityViewSet
from tracker.delivery.snapshots.api import SnapshotFileViewSet, SnapshotViewSet
from tracker.delivery.timeline_feeds import TimelineFeedViewSet
from tracker.delivery.views import EntryViewSet
from tracker.delivery.webhooks.api import WebhookDeliveryViewSet, WebhookViewSet
from tracker.geography.kinds import PLACE
from tracker.rest.docs import docs
from tracker.rest.problems import not_found

VIEWSETS: tuple[type[EntryViewSet], ...] = (*policies.VIEWSETS, *parks.VIEWSETS, *reference_views.VIEWSETS,
                                           CoverageViewSet)  # fmt: skip


def collection(viewset: type[EntryViewSet]) -> list[URLPattern]:
    """The addresses of one kind, its list as files too; its own words (see ``RESERVED_KEYS``) come before its keys."""
    plural = viewset.kind.plural
    addresses = {
        "": "list", "facets/": "facets", "<slug:key>/": "retrieve", "<slug:key>/timeline/": "timeline",
        "<slug:key>/revisions/": "revisions", "<slug:key>/revisions/<int:number>/": "revision",
        "<slug:key>/revisions/<int:first>...<int:last>/": "revision_differences",
    }  # fmt: skip
    views: dict[str, exports.View] = {
        address: viewset.as_view({"get": action}) for address, action in addresses.items()
    }
    views[""] = exports.by_accept(viewset, views[""])
    files = (path(f"{plural}.{suffix}", view) for suffix, view in exports.of(viewset).items())
    return [*files, *(path(f"{plural}/{address}", view) for address, view in views.items())]


def webhooks() -> list[URLPattern]:
    """The addresses of a partner's own subscriptions, and of what is delivered to them."""
    one = "webhooks/<slug:key>/"
    moves = {"rotate-secret": "rotate_secret", "test": "test", "pause": "pause", "resume": "resume",
             "redeliver": "redeliver"}  # fmt: skip
    delivery = f"{one}deliveries/<slug:message>/"
    return [
        path("webhooks/", WebhookViewSet.as_view({"get": "list", "post": "create"})),
        path(one, WebhookViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"})),
        *(path(f"{one}{name}/", WebhookViewSet.as_view({"post": action})) for name, action in moves.items()),
        path(f"{one}deliveries/", WebhookDeliveryViewSet.as_view({"get": "list"})),
        path(delivery, WebhookDeliveryViewSet.as_view({"get": "retrieve"})),
        path(f"{delivery}redeliver/", WebhookDeliveryViewSet.as_view({"post": "redeliver"})),
    ]


urlpatterns = [
    *(path(f"timeline.{suffix}", TimelineFeedViewSet.as_view({"get": suffix})) for suffix in ("ics", "atom", "csv")),
    path("timeline/counts/", merged.TimelineViewSet.as_view({"get": "counts"})),
    path("timeline/", merged.TimelineViewSet.as_view({"get": "list"})),
    path("search/", merged.SearchViewSet.as_view({"get": "list"})),
    path("changes/", feed_views.ChangeViewSet.as_view({"get": "list"})),
    path("changes/digests/", feed_views.DigestViewSet.as_view({"get": "retrieve"})),
    path("proposals/", ProposalViewSet.as_view({"get": "list", "post": "create"})),
    path("proposals/<int:pk>/", ProposalViewSet.as_view({"get": "retrieve"})),
    path("quality/", QualityViewSet.as_view({"get": "list"})),
    path("redirects/", merged.RedirectViewSet.as_view({"get": "list"})),
    *webhooks(),
    path("snapshots/", SnapshotViewSet.as_view({"get": "list"})),
    path("snapshots/latest/", SnapshotViewSet.as_view({"get": "latest"})),
    path("snapshots/latest/<str:name>", SnapshotFileViewSet.as_view({"get": "latest"})),
    path("snapshots/<int:number>/", SnapshotViewSet.as_view({"get": "retrieve"})),
    path("snapshots/<int:number>/<str:name>", SnapshotFileViewSet.as_view({"get": "retrieve"})),
    path("observations/", parks.ObservationViewSet.as_view({"get": "list"})),
    path("places/<slug:key>/profile/", reference_views.PlaceViewSet.as_view({"get": "profile"})),
    path("parks/score/", ScoreViewSet.as_view({"post": "create"})),
    path("parks/compare/", moments.ComparisonViewSet.as_view({"get": "list"})),
    path("layouts/differences/", moments.LayoutDifferencesViewSet.as_view({"get": "list"})),
    path("layouts/<slug:key>/versions/", moments.LayoutVersionsViewSet.as_view({"get": "list"})),
    path("parks/<slug:key>/policies/", parks.ApplicableViewSet.as_view({"get": "list"}, kind=PARK)),
    path("places/<slug:key>/policies/", parks.ApplicableViewSet.as_view({"get": "list"}, kind=PLACE)),
    *(address for viewset in VIEWSETS for address in collection(viewset)),
    path("changelog/", ChangelogViewSet.as_view({"get": "retrieve"})),
    path("schema/", SchemaViewSet.as_view({"get": "retrieve"}), name="api-schema"),
    path("docs/", docs(SpectacularSwaggerSplitView).as_view(url_name="api-schema"), name="api-docs"),
    re_path(r"^[\s\S]*$", not_found),
]
