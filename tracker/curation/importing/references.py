"""References as people write them: a key, a name, or a place with what it lies in; else what was perhaps meant."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cached_property, lru_cache

from pypinyin import lazy_pinyin

from tracker.entries.fields import KEY_PATTERN, Json, Ref, Target
from tracker.entries.models import Entry, Name, State
from tracker.values import canonical
from tracker.values.folding import fold
from tracker.vocabulary.models import Term

from .reading_values import Misread

PLACE = "place"
SHOWN = 3
_KEY = re.compile(KEY_PATTERN)
_BETWEEN = re.compile(r"[\s/·,，>›-]+")
Asked = tuple[Ref, str]


class Directory:
    """Names and what bears them, looked up a batch at a time."""

    def __init__(self) -> None:
        self._named: dict[tuple[str, str], list[str]] = {}
        self._terms: dict[str, dict[str, list[str]]] = {}

    def load(self, asked: Iterable[Asked]) -> None:
        """Look up the names among these that are not known yet: one query a kind."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for member, text in asked:
            for kind in member.kinds:
                if kind != PLACE and not member.vocabulary and not is_key(member, text):
                    wanted[kind].add(fold(text))
        for kind, texts in wanted.items():
            self._load_names(kind, sorted(text for text in texts if (kind, text) not in self._named))

    def _load_names(self, kind: str, texts: list[str]) -> None:
        found: dict[str, list[str]] = {text: [] for text in texts}
        rows = Name.objects.filter(kind=kind, text__in=texts, entry__state=State.LIVE) if texts else Name.objects.none()
        for text, key in rows.order_by("entry_id").values_list("text", "entry__key").distinct():
            found[text].append(key)
        self._named |= {(kind, text): keys for text, keys in found.items()}

    def meant(self, member: Ref, text: str) -> object:
        """What the payload holds for a reference as written; keys are left to the check.

        :raises Misread: nothing or several things have the name; the message suggests.
        """
        if is_key(member, text):
            return text
        found = [target for kind in member.kinds for target in self._bearers(member, kind, text)]
        if len(found) == 1:
            return member.payload_value(found[0])
        if found:
            several = "、".join(f"{member.payload_value(target)} {self._said(target)}".strip() for target in found[:9])
            raise Misread(f"“{text}”有多个，请写键或加上所在省市：{several} several have this name")
        if member.or_title:
            return {"title": text}
        raise Misread(self._unknown(member, text))

    def _bearers(self, member: Ref, kind: str, text: str) -> Iterator[Target]:
        if kind == PLACE:
            keys = self._places.keys(text)
        elif member.vocabulary:
            keys = self._vocabulary(member.vocabulary).get(fold(text), [])
        else:
            keys = self._named.get((kind, fold(text)), [])
        yield from (Target(kind, key) for key in keys)

    def _said(self, target: Target) -> str:
        return self._places.said(target.key) if target.kind == PLACE else ""

    def _unknown(self, member: Ref, text: str) -> str:
        near = self._near(member, text)
        meant = f"；是否：{'、'.join(near)} did you mean one of these?" if near else ""
        what = "这个地区" if member.kinds == (PLACE,) else f"叫“{text}”的条目"
        return f"没有{what}：“{text}” nothing has this name{meant}"

    def _near(self, member: Ref, text: str) -> list[str]:
        found: list[str] = []
        if PLACE in member.kinds:
            found += self._places.near(text)
        if member.vocabulary:
            terms = self._vocabulary(member.vocabulary)
            for name in get_close_matches(fold(text), terms, n=SHOWN, cutoff=0.4):
                found += [f"{key} {name}" for key in terms[name]]
        return found or _near_names(tuple(kind for kind in member.kinds if kind != PLACE), text)

    def _vocabulary(self, name: str) -> dict[str, list[str]]:
        """Folded names of the terms of a vocabulary."""
        if name not in self._terms:
            named: dict[str, list[str]] = defaultdict(list)
            rows = Term.objects.filter(vocabulary=name, entry__state=State.LIVE)
            for key, zh, en in rows.values_list("entry__key", "entry__name", "entry__name_en"):
                for text in {fold(zh), fold(en)} - {""}:
                    named[text].append(key)
            self._terms[name] = dict(named)
        return self._terms[name]

    @cached_property
    def _places(self) -> Places:
        return Places()


def is_key(member: Ref, text: str) -> bool:
    """Whether the text has the shape of a key, with its kind where several may stand."""
    if len(member.kinds) == 1:
        return bool(_KEY.match(text))
    kind, slash, key = text.partition("/")
    return bool(slash) and kind in member.kinds and bool(_KEY.match(key))


def _near_names(kinds: tuple[str, ...], text: str) -> list[str]:
    """Entries whose name begins alike."""
    start = fold(text)[:2]
    if not kinds or not start:
        return []
    rows = Name.objects.filter(kind__in=kinds, text__startswith=start, entry__state=State.LIVE)
    names = dict(rows.order_by("text").values_list("text", "entry__key")[:200])
    return [f"{names[name]} {name}" for name in get_close_matches(fold(text), names, n=SHOWN, cutoff=0.5)]


class Places:
    """Every place by its names, alone and behind what it lies in: 鼓楼区, 南京鼓楼区, 江苏省南京市鼓楼区."""

    def __init__(self) -> None:
        self._by_name: dict[str, list[str]] = defaultdict(list)
        self._said: dict[str, str] = {}
        current: dict[str, bool] = {}
        rows = Entry.objects.live().filter(kind=PLACE).order_by("key")
        for key, until, aliases, reference in rows.values_list("key", "until", "aliases", "reference"):
            place = canonical.loads(reference)
            current[key] = not until
            self._said[key] = _whole_name(place)
            for name in _names(place, aliases):
                self._by_name[name].append(key)
        for name, keys in self._by_name.items():
            self._by_name[name] = [
                key for key in keys if current[key]
            ] or keys  # today's places before those that ended

    def keys(self, text: str) -> list[str]:
        return self._by_name.get(_joined(text), [])

    def said(self, key: str) -> str:
        return self._said.get(key, "")

    def near(self, text: str) -> list[str]:
        return list(_near_places(self, _joined(text)))

    def closest(self, text: str) -> Iterator[str]:
        """Places called alike: what sounds the same first, then names as long, then cities before districts."""
        near = [name for name in self._by_name if abs(len(name) - len(text)) <= 2 and _share_half(name, text)]
        called = get_close_matches(text, near, n=200, cutoff=0.6)
        sound = lazy_pinyin(text)
        alike = [(lazy_pinyin(name) != sound, len(name) != len(text), not key.endswith("00"), key)
                 for name in called for key in self._by_name[name]]  # fmt: skip
        yield from (f"{key} {self._said[key]}" for *_, key in sorted(alike))


@lru_cache(maxsize=2000)
def _near_places(places: Places, text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(places.closest(text)))[:SHOWN]


def _share_half(name: str, text: str) -> bool:
    """Whether half of the characters are the same: a quick look before the thorough comparison."""
    return 2 * len(set(name) & set(text)) >= len(text)


@lru_cache(maxsize=20_000)
def _joined(text: str) -> str:
    return fold(_BETWEEN.sub("", text))


def _names(place: Json, aliases: list[str]) -> set[str]:
    own = {_joined(name) for name in (place["name"], place.get("short_name"), place.get("name_en"), *aliases) if name}
    ends = {_joined(name) for name in (place["name"], place.get("short_name")) if name}
    city, province = (_bare(place.get(member), place) for member in ("city", "province"))
    above = {*city, *province, *(f"{outer}{inner}" for outer in province for inner in city)}
    return own | {f"{one}{name}" for one in above for name in ends}


_SUFFIX = re.compile(r"(特别行政区|(?:壮族|回族|维吾尔)?自治区|省|市|地区|盟|自治州)$")


def _bare(above: Json | None, place: Json) -> set[str]:
    """The name of a city or province with and without its last word; nothing for the place itself."""
    if not above or above["key"] == place["key"]:
        return set()
    return {_joined(above["name"]), _joined(_SUFFIX.sub("", above["name"]))}


def _whole_name(place: Json) -> str:
    above = [place.get(member) for member in ("province", "city")]
    names = dict.fromkeys(one["name"] for one in above if one and one["key"] != place["key"])
    return "".join([*names, place["name"]])
