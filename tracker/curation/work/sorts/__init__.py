"""One file for each sort of work that every kind can need."""

from .broken_link import BROKEN_LINK
from .conflict import CONFLICT
from .in_review import IN_REVIEW
from .missing_field import MISSING_FIELD
from .missing_source import MISSING_SOURCE
from .source_changed import SOURCE_CHANGED
from .source_lost import SOURCE_LOST
from .stale import STALE
from .unmatched_name import UNMATCHED_NAME

COMMON = (IN_REVIEW, CONFLICT, SOURCE_CHANGED, SOURCE_LOST, BROKEN_LINK, MISSING_SOURCE, UNMATCHED_NAME, MISSING_FIELD,
          STALE)  # fmt: skip

__all__ = ["COMMON"]
