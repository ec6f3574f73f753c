"""The criteria of a score in the address of its page, a row of parameters each, and what may be chosen for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import QueryDict
from django.utils.translation import gettext as _

from parks.criteria import CHOICES, MOST, MOST_WEIGHT, NAMING, NUMBERS
from parks.models import Stage
from policies.models import AreaMeasure
from tracker.curation import spoken
from tracker.entries.fields import Json
from tracker.entries.models import Containment, Entry
from tracker.values.errors import Invalid
from tracker.web.language import label, pick
from tracker.web.language import spoken as named
from tracker.web.numbers import AREA_UNITS

MEMBERS = ("what", "of", "unit", "least", "most", "worst", "best", "must", "weight")
"""Each row of the form has all of them, so that the n-th values of all belong together."""
_MEMBER = re.compile(r"( ?)\b(worst|best|at_least|at_most)\b( ?)")
BOUNDS = {"least": "at_least", "most": "at_most", "worst": "worst", "best": "best"}
FIRST = {"site": ("km2", "0", "20"), "floor": ("万m2", "0", "100")}
"""Unit, worst and best of a new row, by measure; a place to begin from."""
VOCABULARIES = {"category": "park-category", "policy": "measure-subject"}


@dataclass(frozen=True)
class Choice:
    value: str
    words: str
    chosen: bool = False


@dataclass(frozen=True)
class Row:
    """One criterion as the form shows it: texts as they were typed."""

    number: int
    what: str
    of: str
    unit: str
    least: str
    most: str
    worst: str
    best: str
    must: str
    weight: str
    words: str = ""
    choices: tuple[Choice, ...] = ()
    units: tuple[Choice, ...] = ()
    without: str = ""
    """The query without this row."""

    @property
    def type(self) -> str:
        return self.what.partition(":")[0]

    @property
    def numeric(self) -> bool:
        return self.type in NUMBERS


def texts(query: QueryDict) -> list[dict[str, str]]:
    """The rows of the address, as typed.

    :raises Invalid: the rows do not have all members, or there are too many.
    """
    lists = {name: query.getlist(name) for name in MEMBERS}
    number = len(lists["what"])
    for name, values in lists.items():
        if len(values) not in (0, number):
            words = _("每一行须有同样多的参数。")
            raise Invalid(words, [(name, words)])
    if number > MOST:
        words = _("最多 %(most)s 条标准。") % {"most": MOST}
        raise Invalid(words, [("what", words)])
    rows = [{name: values[at].strip() if values else "" for name, values in lists.items()} for at in range(number)]
    return [row for row in rows if row["what"]]


def checked(found: Sequence[dict[str, str]]) -> list[Json]:
    """The rows as the API would be asked.

    :raises Invalid: a criterion that there is not, a number that is none, as ``criteria/0/weight``.
    """
    said, errors = [], []
    for at, row in enumerate(found):
        try:
            said.append(asked(row))
        except Invalid as error:
            errors += [(f"criteria/{at}/{BOUNDS.get(name, name)}", words) for name, words in error.errors]
    if errors:
        raise Invalid("; ".join(words for _name, words in errors), errors)
    return said


def worded(error: Invalid, found: Sequence[dict[str, str]], choices: Choices) -> Invalid:
    """What is wrong with the rows, by the words of the form instead of the paths of the API."""
    about, labels = choices.words(), field_words()
    sentences = []
    for path, words in error.errors:
        sentence = _MEMBER.sub(lambda match: _quoted(labels[match[2]], match), spoken.alone(spoken.problem(words)))
        first, *rest = path.split("/")
        what = found[int(rest[0])]["what"] if first == "criteria" else ""
        where = [about.get(what, what), labels.get(rest[-1], "")] if what else []
        sentences.append(spoken.pair(pick(" › ", ": ").join(filter(None, where)), sentence))
    return Invalid(pick("；", "; ").join(sentences), [("", sentence) for sentence in sentences])


def _quoted(word: str, found: re.Match[str]) -> str:
    return pick(f"“{word}”", f"{found[1]}“{word}”{found[3]}")


def field_words() -> dict[str, str]:
    """What the form calls the members of a criterion."""
    return {"at_least": _("至少"), "at_most": _("至多"), "worst": _("0 分"), "best": _("满分"), "weight": _("权重"),
            "unit": _("单位"), "must": _("硬条件"), "any_of": _("是这一项"), "to": _("到")}  # fmt: skip


def asked(row: dict[str, str]) -> Json:
    """A row as the API would be asked.

    :raises Invalid: a criterion that there is not, or a number that is none.
    """
    type_, _colon, of = row["what"].partition(":")
    if type_ not in (*NUMBERS, "stage", *CHOICES) or (type_ == "area" and (of or row["of"]) not in AreaMeasure.values):
        raise _wrong("what", _("没有这样的标准。"))
    said: Json = {"type": type_}
    if type_ in NUMBERS:
        said[NAMING[type_]] = of or row["of"]
        said |= {"unit": row["unit"]} if row["unit"] else {}
        said |= {name: _number(text, row[text]) for text, name in BOUNDS.items() if row[text]}
    else:
        said["any_of"] = [key for key in row["of"].split(",") if key]
        said |= {"must": True} if row["must"] else {}
    weight = _number("weight", row["weight"]) if row["weight"] else 0
    if not 0 <= weight <= MOST_WEIGHT:
        raise _wrong("weight", _("请写 0 到 %(most)s 的数。") % {"most": MOST_WEIGHT})
    return said | ({"weight": weight} if weight else {})


def _wrong(name: str, words: str) -> Invalid:
    return Invalid(words, [(name, words)])


def _number(name: str, text: str) -> int | float:
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        number = float("nan")
    if not abs(number) <= 10**12:
        raise _wrong(name, _("“%(text)s”不是数。") % {"text": text[:40]})
    return int(number) if number.is_integer() else number


def as_texts(one: Json) -> dict[str, str]:
    """A criterion of the API as a row of the form; the inverse of :func:`asked`."""
    row = dict.fromkeys(MEMBERS, "")
    numeric = one["type"] in NUMBERS
    named = one["type"] in ("area", "siting")
    row["what"] = f"{one['type']}:{one[NAMING[one['type']]]}" if named else one["type"]
    row["of"] = "" if named else one["to"] if numeric else ",".join(one["any_of"])
    row |= {text: str(one[name]) for text, name in BOUNDS.items() if name in one}
    return row | {"unit": one.get("unit", ""), "must": "1" if one.get("must") else "",
                  "weight": str(one.get("weight", ""))}  # fmt: skip


def query_of(query: QueryDict, rows: Sequence[Mapping[str, str]]) -> str:
    """The query with other rows."""
    copy = query.copy()
    for name in (*MEMBERS, "add", "format", "q"):
        copy.pop(name, None)
    for row in rows:
        for name in MEMBERS:
            copy.appendlist(name, row[name])
    return f"?{copy.urlencode()}"


# --- choosing -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choices:
    """What may be asked for, read in a fixed number of queries."""

    terms: dict[str, list[tuple[str, str]]]
    """By type of criterion: (key, words)."""

    @classmethod
    def read(cls) -> Choices:
        kinds = ("industry", "programme", "indicator")
        entries = Entry.objects.live().filter(kind__in=kinds).order_by("kind", "key")
        rows = [(kind, key, named(name, name_en).text)
                for kind, key, name, name_en in entries.values_list("kind", "key", "name", "name_en")]  # fmt: skip
        of_kind = {kind: [(key, words) for found, key, words in rows if found == kind] for kind in kinds}
        return cls({
            "industry": of_kind["industry"], "designation": of_kind["programme"], "siting": of_kind["indicator"],
            "stage": [(stage.value, label(stage)) for stage in Stage], "place": _cities(),
            **{type_: _terms(vocabulary) for type_, vocabulary in VOCABULARIES.items()},
        })  # fmt: skip

    def of(self, row: dict[str, str]) -> tuple[Choice, ...]:
        """The choices of a row, what stands there among them."""
        type_ = row["what"].partition(":")[0]
        found = self.terms.get(type_, [])
        if type_ == "distance":
            found = [(f"place/{key}", words) for key, words in self.terms["place"]]
        known = {key for key, _words in found}
        names = dict(found)
        more = [] if row["of"] in known or not row["of"] else [
            (row["of"], _(" 或 ").join(names.get(key, key) for key in row["of"].split(",")))]  # fmt: skip
        return tuple(Choice(key, words, key == row["of"]) for key, words in [*more, *found])

    def added(self) -> list[tuple[str, list[Choice]]]:
        """What a new row may be about, in groups."""
        areas = [Choice(f"area:{measure.value}", label(measure)) for measure in AreaMeasure]
        siting = [Choice(f"siting:{key}", words) for key, words in self.terms["siting"]]
        others = [Choice(type_, words) for type_, words in type_words().items() if type_ not in ("area", "siting")]
        return [(_("面积"), areas), (_("其他"), others), (_("选址指标"), siting)]

    def words(self) -> dict[str, str]:
        """What each of these is called."""
        return {choice.value: choice.words for _group, offered in self.added() for choice in offered}

    def first(self, what: str) -> dict[str, str]:
        """A new row, with values to begin from."""
        row = dict.fromkeys(MEMBERS, "") | {"what": what, "weight": "1"}
        type_, _colon, of = what.partition(":")
        if type_ == "area":
            row["unit"], row["worst"], row["best"] = FIRST.get(of, ("km2", "0", "10"))
        elif type_ == "distance":
            row |= {"unit": "km", "worst": "50", "best": "0"}
        elif type_ == "siting":
            row |= {"worst": "0", "best": "100"}
        offered = self.of(row)
        return row | ({"of": offered[0].value} if type_ not in ("area", "siting") and offered else {})


def type_words() -> dict[str, str]:
    return {
        "area": _("面积"), "siting": _("选址指标"), "stage": _("阶段"), "category": _("类别"), "place": _("所在地区"),
        "industry": _("产业"), "designation": _("认定"), "policy": _("适用政策的措施"), "distance": _("到某地的距离"),
    }  # fmt: skip


def _cities() -> list[tuple[str, str]]:
    """The cities that parks lie in, those with most parks first."""
    inside = Containment.objects.filter(kind="park", level__in=Containment.CITIES)
    counted = inside.values_list("container__key", "container__name", "container__name_en").annotate(number=Count("pk"))
    return [(key, named(name, name_en).text) for key, name, name_en, _number
            in counted.order_by("-number", "container__key")]  # fmt: skip


def _terms(vocabulary: str) -> list[tuple[str, str]]:
    rows = Entry.objects.live().filter(kind="term", term__vocabulary=vocabulary).order_by("key")
    return [(key, named(name, name_en).text) for key, name, name_en in rows.values_list("key", "name", "name_en")]


def rows(query: QueryDict, found: Sequence[dict[str, str]], choices: Choices) -> Iterator[Row]:
    """The rows with all that the form needs."""
    words: dict[str, Any] = choices.words()
    units = {"km2": "km²", "ha": _("公顷"), "亩": _("亩"), "万m2": _("万m²")}
    for at, row in enumerate(found):
        offered = tuple(Choice(unit, units[unit], unit == row["unit"]) for unit in AREA_UNITS) \
            if row["what"].startswith("area:") else ()  # fmt: skip
        without = query_of(query, [other for other in found if other is not row])
        yield Row(at + 1, **row, words=words.get(row["what"], row["what"]), choices=choices.of(row), units=offered,
                  without=without)  # fmt: skip
