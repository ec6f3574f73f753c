"""Under which terms the data go out: the words that answers, files and pages carry."""

from __future__ import annotations

TITLE = "中国人工智能政策与园区追踪 · China AI Policy and Park Tracker"
LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
ATTRIBUTION = "China AI Policy and Park Tracker, CC BY 4.0; points of places: GeoNames, CC BY 4.0"
CONTRACT_VERSION = "1"
RIGHTS = f"{ATTRIBUTION}. {LICENCE_URL}; contract version {CONTRACT_VERSION}"
"""All of it in one line, for formats that have a word for rights."""
