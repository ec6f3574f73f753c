from __future__ import annotations

from tracker.curation.tests.conftest import chief, contributor, editor, viewer, world

__all__ = ["chief", "contributor", "editor", "viewer", "world"]
