"""Folding names for comparison: traditional to simplified, full width to half width, lower case, no quotes."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

_QUOTES = re.compile(r"[《》〈〉“”‘’\"'「」『』\s]+")


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """The form in which two spellings of one name are equal: 先導區 → 先导区, ＡＩ → ai."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return _QUOTES.sub(" ", _simplifier().convert(plain)).strip()
