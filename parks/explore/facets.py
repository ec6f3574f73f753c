"""The facets of Explore: how many parks there are for each value, under all other filters.

Every facet costs one query or two, whatever the data. Counts are true: the link of a value finds as many.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.utils.translation import gettext as _

from parks.filters import FACTS, known
from parks.inside import all_inside, inner_parks
from parks.models import SitingFact, Stage
from policies.models import Designation
from tracker.entries.models import Containment, Entry, Reference
from tracker.search import index
from tracker.web import parameters
from tracker.web.language import Spoken, label, spoken

from .asked import Asked

FIRST = 6
"""Values of a facet that stand open."""
MOST = 30
"""Values of a facet that are offered at once; more are found by searching in it."""


@dataclass(frozen=True)
class Choice:
    id: str
    label: Spoken
    count: int
    chosen: bool
    href: str
    share: str


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    first: list[Choice]
    rest: list[Choice]
    open: bool
    """Whether it stands open at first."""
    find: str | None
    """The words its values are searched by; None where all of them are offered."""


@dataclass(frozen=True)
class Fact:
    """A fact of parks: of how many it is known, of how many nobody knows it."""

    label: str
    pair: tuple[Choice, Choice]
    """Known, unknown."""


Counted = list[tuple[str, Spoken, int]]


@dataclass(frozen=True)
class Offered:
    """A facet as it is declared: its parameter, its title and who counts it."""

    name: str
    title: str
    count: Callable[[QuerySet[Entry], Asked, date], Counted]
    open: bool = False
    fact: str = ""
    """What may be unknown of a park; its filter can include those."""


def facets(asked: Asked, today: date) -> list[Facet]:
    """Facets with at least one value."""
    found = [_place_facet(asked), *_district_facet(asked)]
    for offered in _offered():
        selected = asked.select(without=offered.name)
        counted = offered.count(selected, asked, today)
        if counted and offered.fact and asked.filterset.include_unknown:
            unknown = selected.exclude(known(offered.fact)).count()
            counted = [(value, words, number + unknown) for value, words, number in counted]
        found.append(_facet(offered, counted, asked))
    return [facet for facet in found if facet.first or facet.find]


def _offered() -> tuple[Offered, ...]:
    return (
        Offered("category", _("类别"), _categories, open=True),
        Offered("stage", _("阶段"), _stages, open=True, fact="stage"),
        Offered("industry", _("产业"), _industries, open=True),
        Offered("programme", _("认定"), _programmes),
        Offered("layout_role", _("布局中的角色"), _roles),
        Offered("layout_roles_min", _("布局角色数"), _role_numbers),
        Offered("measure_subject", _("适用政策的支持措施"), _measures),
        Offered("operator", _("运营方"), _operators, fact="operators"),
        Offered("tenant", _("入驻机构"), _tenants, fact="tenants"),
        Offered("siting", _("选址指标"), _siting),
    )


def _facet(offered: Offered, counted: Counted, asked: Asked) -> Facet:
    chosen = asked.query.getlist(offered.name)
    single = offered.name == "layout_roles_min"
    largest = max((number for *_rest, number in counted), default=1)
    choices = [
        Choice(f"f-{offered.name}-{value}", words, number, value in chosen,
               _set(asked, offered.name, value, value in chosen) if single
               else parameters.toggled(asked.query, offered.name, value), _share(number, largest))
        for value, words, number in counted
    ]  # fmt: skip
    return _offer(offered.name, offered.title, choices, asked, open_=offered.open or bool(chosen))


def _offer(name: str, title: str, choices: list[Choice], asked: Asked, *, open_: bool) -> Facet:
    """What is chosen first; of more values than are offered, those that are searched for."""
    words = asked.find(name)
    choices.sort(key=lambda choice: not choice.chosen)
    find = words if words or len(choices) > MOST else None
    return Facet(name, title, choices[:FIRST], choices[FIRST:MOST], open_ or bool(words), find)


def _share(number: int, largest: int) -> str:
    return f"{max(2, round(number / largest * 100))}%"


def _set(asked: Asked, name: str, value: str, chosen: bool) -> str:
    return parameters.changed(asked.query, **{name: None if chosen else value})


# --- places -------------------------------------------------------------------------------------------------------


def _place_facet(asked: Asked) -> Facet:
    """By city; a district that is chosen lies in a city that looks chosen."""
    chosen = asked.chosen("place")
    cities = {_city_of(place) for place in chosen} | set(chosen)
    counted = _places(asked.select(without="place"), Containment.CITIES, _searched("container", asked, "place"))
    largest = max((number for *_rest, number in counted), default=1)
    counted.sort(key=lambda item: item[0] not in cities)
    choices = []
    for key, words, number in counted[: MOST + 1]:
        above = [place for place in chosen if _city_of(place) == key and place != key]
        href = _set(asked, "place", key, False) if above else parameters.toggled(asked.query, "place", key)
        choices.append(Choice(f"f-place-{key}", words, number, key in cities, href, _share(number, largest)))
    return _offer("place", _("城市"), choices, asked, open_=True)


def _district_facet(asked: Asked) -> Iterator[Facet]:
    """The districts of the one city that is chosen; a district stands for its city in the address."""
    cities = {_city_of(key) for key in asked.chosen("place")}
    if len(cities) != 1 or not (city := cities.pop()):
        return
    prefix = city[:2] if city.endswith("0000") else city[:4]
    inside = Q(container__key__startswith=prefix) & _searched("container", asked, "district")
    counted = _places(asked.select(without="place"), (Containment.Level.DISTRICT,), inside)
    largest = max((number for *_rest, number in counted), default=1)
    chosen = [key for key in asked.chosen("place") if key != city]
    choices = [Choice(f"f-district-{key}", words, number, key in chosen, _district_href(asked, key, city),
                      _share(number, largest)) for key, words, number in counted]  # fmt: skip
    yield _offer("district", _("区县"), choices, asked, open_=True)


def _district_href(asked: Asked, key: str, city: str) -> str:
    chosen = [place for place in asked.chosen("place") if place != city]
    kept = [place for place in chosen if place != key] if key in chosen else [*chosen, key]
    query = asked.query.copy()
    query.pop("cursor", None)
    query.setlist("place", kept or [city])
    return f"?{query.urlencode()}"


def _city_of(key: str) -> str:
    """The adcode of the city of an adcode (of a municipality's district the municipality); '' for a region."""
    if not (key.isdigit() and len(key) == 6) or (key.endswith("0000") and key[:2] not in _MUNICIPALITIES):
        return ""
    return f"{key[:2]}0000" if key[:2] in _MUNICIPALITIES else f"{key[:4]}00"


_MUNICIPALITIES = ("11", "12", "31", "50", "81", "82")


def _places(selected: QuerySet[Entry], levels: Iterable[str], condition: Q) -> Counted:
    rows = Containment.objects.filter(condition, kind="park", level__in=levels, entry__in=selected.values("pk"))
    named = rows.values_list("container__key", "container__name", "container__place__short_name", "container__name_en")
    counted = named.annotate(number=Count("entry_id")).order_by("-number", "container__key")
    return [(key, spoken(short or name, name_en), number) for key, name, short, name_en, number in counted]


# --- others -------------------------------------------------------------------------------------------------------


_ENTRIES = Count("entry_id", distinct=True)


def _searched(to: str, asked: Asked, name: str) -> Q:
    """Rows that lead to what the words asked for in a facet find."""
    words = asked.find(name)
    return Q(**{f"{to}__in": index.matching(words)}) if words else Q()


def _named(rows: QuerySet, to: str, number: Count = _ENTRIES) -> Counted:  # type: ignore[type-arg]
    """Rows counted by the entry they lead to; one more than are offered, so that it is seen that there are more."""
    names = [f"{to}__{name}" for name in ("key", "name", "name_en")]
    counted = rows.order_by().values_list(*names).annotate(number=number)
    return [(key, spoken(name, name_en or ""), number)
            for key, name, name_en, number in counted.order_by("-number", names[0])[: MOST + 1] if key]  # fmt: skip


def _categories(selected: QuerySet[Entry], asked: Asked, today: date) -> Counted:
    return _named(selected.filter(category__isnull=False), "category", Count("pk"))


def _stages(selected: QuerySet[Entry], asked: Asked, today: date) -> Counted:
    counted = dict(selected.order_by().values_list("park__stage").annotate(number=Count("pk")))
    return [(stage.value, Spoken(label(stage)), counted[stage.value]) for stage in Stage if counted.get(stage.value)]


def _industries(selected: QuerySet[Entry], asked: Asked, today: date) -> Counted:
    searched = _searched("container", asked, "industry")
    inside = Containment.objects.filter(searched, kind="park", level=Containment.Level.INDUSTRY,
                                        entry__in=selected.values("pk"))  # fmt: skip
    return _named(inside, "container", Count("pk"))


def _programmes(selected: QuerySet[Entry], asked: Asked, today: date) -> Counted:
    return _named(Designation.objects.filter(entry__in=selected.values("pk")), "programme")


def _referred(field: str, selected: QuerySet[Entry], searched: Q) -> Counted:
    rows = Reference.objects.filter(searched, field=field, target__isnull=False, entry__in=selected.values("pk"))
    return _named(rows, "target")


def _operators(selected: QuerySet[Entry], asked: Asked, today: date) -> Counted:
    return _referred("operators", selected, _searched("target", asked, "operator"))


def _tenants(selected: QuerySet[Entry], asked: Asked, today: date) -> Counted:
    return _referred("tenants/organisation", selected, _searched("target", asked, "tenant"))


def _siting(selected: QuerySet[Entry], asked: Asked, today: date) -> Counted:
    """Within the bounds that are asked for; of an indicator, a park without it is unknown."""
    told = SitingFact.objects.filter(entry__in=selected.values("pk"))
    fitting = _named(told.filter(asked.filterset.siting_bounds), "indicator")
    if not asked.filterset.include_unknown:
        return fitting
    fit = {key: number for key, _words, number in fitting}
    everybody = selected.count()
    return [(key, words, everybody - number + fit.get(key, 0)) for key, words, number in _named(told, "indicator")]


def _roles(selected: QuerySet[Entry], asked: Asked, today: date) -> Counted:
    shown = asked.pks(without="layout_role")
    return _terms(Counter(role for park, roles in asked.roles.items() if park in shown for role in roles))


def _role_numbers(selected: QuerySet[Entry], asked: Asked, today: date) -> Counted:
    shown = asked.pks(without="layout_roles_min")
    numbers = Counter(len(roles) for park, roles in asked.roles.items() if park in shown)
    at_least = {least: sum(parks for number, parks in numbers.items() if number >= least) for least in (1, 2, 3)}
    words = {1: _("至少一个角色"), 2: _("两个及以上角色"), 3: _("三个及以上角色")}
    return [(str(least), Spoken(words[least]), number) for least, number in at_least.items() if number]


def _measures(selected: QuerySet[Entry], asked: Asked, today: date) -> Counted:
    """By the subject of a measure, the parks where a policy applies that grants it."""
    grounds = asked.filterset.grounds
    if not grounds:
        return []
    named = {park for ground in grounds.values() for park in ground.parks}
    inner = inner_parks(today) if named else {}
    shown = asked.pks(without="measure_subject")
    here: dict[int, set[int]] = defaultdict(set)
    located = Containment.objects.filter(kind="park").exclude(level=Containment.Level.INDUSTRY)
    for place, park in located.values_list("container", "entry"):
        here[place].add(park)
    counted = {}
    for subject, ground in grounds.items():
        inside = all_inside(ground.parks, inner)
        counted[subject] = len(shown & inside.union(*(here[place] for place in ground.places if place in here)))
    return _terms({subject: number for subject, number in counted.items() if number})


def _terms(counted: dict[str, int]) -> Counted:
    rows = Entry.objects.of_kind("term").filter(key__in=counted).values_list("key", "name", "name_en")
    found = [(key, spoken(name, name_en), counted[key]) for key, name, name_en in rows]
    return sorted(found, key=lambda item: (-item[2], item[0]))


# --- what is known ------------------------------------------------------------------------------------------------


def fact_labels() -> dict[str, str]:
    return {
        "area": _("面积"), "developable": _("可开发用地"), "opened": _("投用日期"), "stage": _("阶段"),
        "location": _("位置"), "operators": _("运营方"), "tenants": _("入驻机构"), "industries": _("产业"),
        "positioning": _("定位"), "designations": _("认定"), "siting": _("选址指标"),
    }  # fmt: skip


def facts(asked: Asked) -> list[Fact]:
    """Of how many parks each fact is known, under all filters but those by this fact; one query."""
    knowing = {f"knows_{fact}": ExpressionWrapper(known(fact), BooleanField()) for fact in FACTS}
    rows = asked.select(without="facts").order_by().annotate(**knowing).values_list(*knowing)
    groups = [(dict(zip(FACTS, told, strict=True)), number) for *told, number in rows.annotate(number=Count("pk"))]
    wanted = dict.fromkeys(asked.chosen("has"), True) | dict.fromkeys(asked.chosen("lacks"), False)
    total = sum(number for _told, number in groups) or 1

    def choice(fact: str, name: str, words: str) -> Choice:
        others = wanted | {fact: name == "has"}
        number = sum(number for told, number in groups if others.items() <= told.items())
        return _fact_choice(asked, name, fact, number, total, words)

    return [Fact(words, (choice(fact, "has", _("已知")), choice(fact, "lacks", _("未知"))))
            for fact, words in fact_labels().items()]  # fmt: skip


def _fact_choice(asked: Asked, name: str, fact: str, count: int, of: int, words: str) -> Choice:
    """A fact is asked to be known or to be unknown, never both."""
    other = "lacks" if name == "has" else "has"
    query = asked.query.copy()
    query.setlist(other, [value for value in query.getlist(other) if value != fact])
    if not query.getlist(other):
        query.pop(other)
    chosen = fact in asked.chosen(name)
    return Choice(f"f-{name}-{fact}", Spoken(words), count, chosen, parameters.toggled(query, name, fact),
                  _share(count, of))  # fmt: skip
