"""References in forms: shown as ``320100 南京市``, understood from a key, a name, or what a suggestion gave."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError

from tracker.curation import spoken
from tracker.entries.fields import KEY_PATTERN, Json, Ref, Target
from tracker.entries.kinds import Kind
from tracker.entries.models import Entry, Name
from tracker.entries.world import Names
from tracker.values.folding import fold
from tracker.vocabulary.models import Term

_KEY = re.compile(KEY_PATTERN)


class Book:
    """What the references of one form are called, looked up once for all of them."""

    def __init__(self, kind: Kind, payload: Json) -> None:
        self._names = Names()
        self._names.load([wanted.target for wanted in kind.wanted(_finished(payload))])
        sources = {citation.get("source") for citation in payload.get("citations", [])}
        self._names.load([Target("source", key) for key in sources if key])
        self._terms: dict[str, list[tuple[str, str]]] = {}

    def learn(self, targets: Iterable[Target]) -> None:
        """Look up what else is to be shown."""
        self._names.load(list(targets))

    def name(self, target: Target) -> str:
        """What the target is called; '' when nothing of that key is here."""
        found = self._names.reference(target)
        return str(found["name"]) if found.get("key") else ""

    def terms(self, vocabulary: str) -> list[tuple[str, str]]:
        """(key, name) of every term of a vocabulary, in its order."""
        if vocabulary not in self._terms:
            rows = Term.objects.filter(vocabulary=vocabulary).order_by("rank", "entry__key")
            named = rows.values_list("entry__key", "entry__name", "entry__name_en")
            self._terms[vocabulary] = [(key, f"{name} {name_en}".strip()) for key, name, name_en in named]
        return self._terms[vocabulary]

    def shown(self, member: Ref, value: Any) -> str:
        """The text of a reference: key and name, or the title of what is not here yet."""
        if isinstance(value, dict):
            return str(value.get("title", ""))
        if not isinstance(value, str):
            return ""
        return f"{value} {self.name(member.target(value))}".strip()

    def meant(self, member: Ref, text: str) -> Any:
        """The payload value of a text.

        :raises ValidationError: several entries have the name, or none has and a title alone will not do.
        """
        head = text.split()[0]
        keyed = [target for target in _candidates(member, head)
                 if Entry.objects.filter(kind=target.kind, key=target.key).exists()]  # fmt: skip
        if keyed:
            return member.payload_value(keyed[0])
        named = _by_name(member, text)
        if len(named) == 1:
            return member.payload_value(named[0])
        if named:
            several = "、".join(str(member.payload_value(target)) for target in named)
            raise ValidationError(
                spoken.told(f"“{text}”有多个，请写键：{several} several have this name: write the key")
            )
        if member.or_title:
            return {"title": text}
        if _candidates(member, head) and head == text:
            return text  # a key that is not here: the check says so at its path
        raise ValidationError(
            spoken.told(f"没有叫“{text}”的条目，请从建议中选取 nothing has this name: pick a suggestion")
        )


def _candidates(member: Ref, head: str) -> list[Target]:
    kind, _, key = head.partition("/")
    if key:
        return [Target(kind, key)] if kind in member.kinds and _KEY.match(key) else []
    return [Target(each, head) for each in member.kinds] if _KEY.match(head) else []


def _by_name(member: Ref, text: str) -> list[Target]:
    rows = Name.objects.filter(kind__in=member.kinds, text=fold(text), entry__state="live")
    found = rows.order_by("kind", "entry__key").values_list("kind", "entry__key").distinct()
    return [Target(kind, key) for kind, key in found[:9]]


def _finished(payload: Json) -> Json:
    """A draft's payload as far as it has the shape that references can be read from."""
    return {name: [item for item in value if not isinstance(item, dict) or "key" in item]
            if isinstance(value, list) else value for name, value in payload.items()}  # fmt: skip
