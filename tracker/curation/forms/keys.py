"""Keys that the form proposes: of a new entry from its English name or pinyin, of a new child from what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pypinyin import Style, lazy_pinyin

from tracker.entries.fields import KEY_MAX, Json
from tracker.entries.models import Revision
from tracker.values import canonical

_TELLING = ("name", "organisation", "park", "party", "policy", "programme", "indicator", "subject", "role", "place",
            "what", "measure", "type", "text")  # fmt: skip
_DATES = ("date", "approved", "from", "since", "stated_on", "by", "opened")
_CHILD_MAX = 40


def slug(text: str, longest: int = KEY_MAX) -> str:
    """Lower-case ASCII words joined by hyphens; Chinese becomes pinyin. '' when nothing is left."""
    spoken = " ".join(lazy_pinyin(text, style=Style.NORMAL, errors=lambda rest: re.sub(r"[^\x00-\x7f]", " ", rest)))
    words = re.findall(r"[a-z0-9]+", spoken.lower())
    found = ""
    for word in words:
        if len(found) + len(word) + 1 > longest:
            break
        found = f"{found}-{word}" if found else word[:longest]
    return found


def of_entry(payload: Json) -> str:
    """A key for an entry that has none yet."""
    name = payload.get("name") or payload.get("title") or ""
    english = payload.get("name_en") or payload.get("title_en") or ""
    return slug(english) or slug(name)


def of_child(child: Json, taken: set[str]) -> str:
    """A key no child of the list ever had."""
    said = next((_told(child[name]) for name in _TELLING if child.get(name)), "")
    date = next((str(child[name]) for name in _DATES if child.get(name)), "")
    base = slug(f"{said} {date}", _CHILD_MAX) or "item"
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(key for key in (base, *numbered) if key not in taken)


def _told(value: object) -> str:
    if isinstance(value, dict):
        return str(value.get("title", ""))
    return str(value).rpartition("/")[2]


def ever_used(kind: str, key: str) -> dict[str, set[str]]:
    """The keys that children of each list of an entry have had in any revision."""
    payloads = Revision.objects.filter(entry__kind=kind, entry__key=key).values_list("payload", flat=True)
    return in_lists(canonical.loads(payload) for payload in payloads)


def in_lists(payloads: Iterable[Json]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for payload in payloads:
        for name, value in payload.items():
            if isinstance(value, list):
                found.setdefault(name, set()).update(
                    item["key"] for item in value if isinstance(item, dict) and "key" in item
                )
    return found
