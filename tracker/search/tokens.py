"""Tokens for search in Chinese and Latin letters: pure, and the same on every database.

Chinese text becomes single characters and bigrams, so that two characters find anything; names also become pinyin
and initials from every character on, so that ``zgc`` and ``jiangxinzhou`` find 中关村 and 江心洲. Every token is plain
ASCII (``u6838``), because full-text parsers disagree on anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from pypinyin import Style, lazy_pinyin
from pypinyin.seg.simpleseg import seg as words_of

from tracker.values.folding import fold

_RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")
_NO_LETTERS = re.compile(r"[^a-z0-9]+")
_MAX_PINYIN = 30
_MAX_INITIALS = 12


@lru_cache(maxsize=5_000)
def of_text(text: str) -> tuple[str, ...]:
    """Tokens of any text, without pinyin."""
    return tuple(token for run in _RUNS.findall(fold(text)) for token in _of_run(run))


def of_name(text: str) -> tuple[str, ...]:
    """Tokens of a name: those of the text, and its pinyin and initials from every character on."""
    spoken = (token for run in _RUNS.findall(fold(text)) if _is_chinese(run) for token in _pinyin_tokens(run))
    return (*of_text(text), *spoken)


def starts_of(text: str) -> list[str]:
    """How a name begins for somebody who types Latin letters: its whole pinyin, its initials, its own letters."""
    syllables = _read(fold(text))
    letters = _NO_LETTERS.sub("", "".join(syllables))
    initials = "".join(syllable[0] for syllable in syllables if syllable[:1].isalnum())
    return [letters[:60], initials[:30]]


def joined(tokens: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(tokens))


def of_query(text: str) -> tuple[list[str], list[str]]:
    """What must be found: (whole tokens, prefixes). Chinese gives whole tokens, Latin letters and digits prefixes."""
    whole: list[str] = []
    prefixes: list[str] = []
    for run in _RUNS.findall(fold(text)):
        if _is_chinese(run):
            whole += [_code(run)] if len(run) == 1 else list(_bigrams(run))
        else:
            prefixes.append(run[:_MAX_PINYIN])
    return list(dict.fromkeys(whole)), list(dict.fromkeys(prefixes))


def _of_run(run: str) -> Iterator[str]:
    if not _is_chinese(run):
        yield run
        return
    yield from (_code(character) for character in run)
    yield from _bigrams(run)


def _bigrams(run: str) -> Iterator[str]:
    return (_code(run[at : at + 2]) for at in range(len(run) - 1))


def _code(characters: str) -> str:
    return "u" + "".join(f"{ord(character):x}" for character in characters)


def _is_chinese(run: str) -> bool:
    return run[0] >= "\u3400"


def _read(text: str) -> list[str]:
    """The syllables of a text; what is not Chinese stays in one piece."""
    return [syllable for word in words_of(text) for syllable in _syllables(word)]


@lru_cache(maxsize=20_000)
def _syllables(word: str) -> tuple[str, ...]:
    return tuple(syllable.lower() for syllable in lazy_pinyin(word, style=Style.NORMAL))


def _pinyin_tokens(run: str) -> list[str]:
    syllables = _read(run)
    tokens = []
    for start in range(len(syllables)):
        rest = syllables[start:]
        tokens.append("".join(rest)[:_MAX_PINYIN])
        if len(rest) > 1:
            tokens.append("".join(syllable[0] for syllable in rest)[:_MAX_INITIALS])
    return tokens
