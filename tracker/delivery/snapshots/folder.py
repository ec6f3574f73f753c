"""Where the files of snapshots lie: ``<number>/`` when they are public, ``.<number>.part/`` while they are made."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Collection
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)

_OURS = re.compile(r"^(?:(?P<whole>[1-9]\d*)|\.(?P<part>[1-9]\d*)\.part)$")


def of(number: int) -> Path:
    return Path(settings.SNAPSHOT_DIR) / str(number)


def part(number: int) -> Path:
    return Path(settings.SNAPSHOT_DIR) / f".{number}.part"


def is_whole(number: int) -> bool:
    """Whether a snapshot's files are all in their place, even if nobody has said so yet."""
    return of(number).is_dir()


def publish(number: int) -> None:
    """Give the finished folder its name; doing it again changes nothing."""
    if not is_whole(number):
        part(number).rename(of(number))


def clear(keep: Collection[int]) -> None:
    """Remove what snapshots of other numbers have left here; anything else in the folder is not ours to touch."""
    for path in Path(settings.SNAPSHOT_DIR).iterdir():
        match = _OURS.match(path.name)
        if match and int(match["whole"] or match["part"]) not in keep:
            shutil.rmtree(path, onerror=lambda _, left, error: logger.warning("%s stays: %s", left, error[1]))
