"""Links of the answers: absolute, each with its relation and media type."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict

from tracker.delivery import terms

JSON = "application/json"
GEOJSON = "application/geo+json"
HTML = "text/html"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
Link = dict[str, str]


class Links:
    """Makes the links of one answer."""

    def __init__(self, request: HttpRequest, media: str) -> None:
        self._request, self._media = request, media

    def to(self, path: str, rel: str, media: str, title: str = "") -> Link:
        """A link to a path below the landing page."""
        made = {"href": self._request.build_absolute_uri(f"/ogc/{path}"), "rel": rel, "type": media}
        return made | ({"title": title} if title else {})

    def itself(self, shown: str) -> list[Link]:
        """To this answer, and to it in the other format; ``shown`` is the one it is in."""
        other = HTML if shown == self._media else self._media
        return [self._again(shown, "self"), self._again(other, "alternate")]

    def _again(self, media: str, rel: str) -> Link:
        return self.page("html" if media == HTML else "json", rel, media, None)

    def page(self, format_: str, rel: str, media: str, cursor: str | None) -> Link:
        """To the same query in a format, at a cursor where that is given."""
        parameters: QueryDict = self._request.GET.copy()
        parameters["f"] = format_
        if cursor is not None:
            parameters["cursor"] = cursor
        address = self._request.build_absolute_uri(f"{self._request.path}?{parameters.urlencode()}")
        return {"href": address, "rel": rel, "type": media}

    def licence(self) -> Link:
        return {"href": terms.LICENCE_URL, "rel": "license", "type": HTML, "title": terms.LICENCE}
