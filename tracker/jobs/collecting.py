"""Garbage while much is read and written."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def rarely_collecting() -> Iterator[None]:
    """Look for garbage in circles less often: a chunk of rows makes a hundred thousand objects and hardly a circle."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
