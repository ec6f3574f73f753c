"""Where the words of a query stand in a text. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

from tracker.values.folding import fold

_RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")


class Piece(NamedTuple):
    text: str
    hit: bool


def pieces(text: str, query: str) -> list[Piece]:
    """The text cut where words of the query begin and end; hits are found as search finds them, folded."""
    folded = "".join(_fold_character(character) for character in text)
    if len(folded) != len(text):
        return [Piece(text, False)]
    marked = [False] * len(text)
    for word in _RUNS.findall(fold(query)):
        start = folded.find(word)
        while start >= 0:
            marked[start : start + len(word)] = [True] * len(word)
            start = folded.find(word, start + 1)
    return list(_joined(text, marked))


def _fold_character(character: str) -> str:
    folded = fold(character)
    return folded if len(folded) == 1 else character.lower()


def _joined(text: str, marked: list[bool]) -> list[Piece]:
    found: list[Piece] = []
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or marked[at] != marked[start]:
            found.append(Piece(text[start:at], marked[start]))
            start = at
    return found


def has_hit(text: str, query: str) -> bool:
    return any(piece.hit for piece in pieces(text, query))


def around(text: str, query: str, reach: int = 40) -> str:
    """The part of a long text around its first hit."""
    found = pieces(text, query)
    before = 0
    for piece in found:
        if piece.hit:
            break
        before += len(piece.text)
    start = max(0, before - reach)
    end = before + reach
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
