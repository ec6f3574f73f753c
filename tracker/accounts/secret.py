"""The text of a token: ``cat_`` and eight letters that everybody may see, then a secret that only its holder knows.

A secret has 256 random bits, so that a plain hash protects it: there is nothing to guess that a slow hash would slow.
"""

from __future__ import annotations

import re
import secrets
from hashlib import sha256
from typing import NamedTuple

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_TEXT = re.compile(r"(cat_[a-z0-9]{8})_([A-Za-z0-9_-]{43})")


class Parts(NamedTuple):
    prefix: str
    secret: str

    def __str__(self) -> str:
        return f"{self.prefix}_{self.secret}"


def new_prefix() -> str:
    return "cat_" + "".join(secrets.choice(_ALPHABET) for _ in range(8))


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def parts(text: str) -> Parts | None:
    """Prefix and secret of a token's text; None when it cannot be one of ours."""
    match = _TEXT.fullmatch(text)
    return Parts(*match.groups()) if match else None


def digest(secret: str) -> str:
    """What is stored of a secret."""
    return sha256(secret.encode()).hexdigest()
