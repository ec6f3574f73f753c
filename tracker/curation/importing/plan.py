"""Names and sizes that the parts of importing share."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

CHECK = "import-check"
PROPOSE = "import-propose"
REVERT = "import-revert"
ORIGIN = "import"
REVERT_ORIGIN = "import-revert"
CHUNK = 500


def folder() -> Path:
    """Where the files lie that were brought."""
    return Path(settings.IMPORT_DIR)


def batch_name(pk: int) -> str:
    return f"import-{pk}"
