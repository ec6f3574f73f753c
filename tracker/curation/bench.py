"""Made-up entries in real places, for trying things at size: marked 示例 in every name, keys begin with ``bench-``.

The same seed and number give the same entries, so that two measurements compare. Nothing here is a fact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from django.contrib.auth.models import Group

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.entries.fields import Json
from tracker.entries.inserting import analyze
from tracker.entries.models import Entry
from tracker.geography.models import Level, Place
from tracker.values import canonical
from tracker.values.codes import Nature

from .models import Proposal
from .publish import CHUNK, publish

BENCH = "bench"
SOURCE = "bench-source"
REASON = "示例数据，用于测速 made-up data for measuring"

_INDUSTRIES = {
    "ai-chips": "AI芯片", "computer-vision": "计算机视觉", "speech": "智能语音", "robots": "智能机器人",
    "intelligent-vehicles": "智能网联汽车", "big-data": "大数据", "ai-healthcare": "智慧医疗", "drones": "无人机",
    "compute-infrastructure": "算力基础设施", "ai-manufacturing": "智能制造", "ai-finance": "智慧金融",
    "integrated-circuits": "集成电路", "software": "软件与信息服务", "industrial-internet": "工业互联网",
}  # fmt: skip
_POLICIES = {
    "development-plan": "{industry}产业发展规划", "action-plan": "促进{industry}产业发展三年行动计划",
    "opinions": "关于加快{industry}产业发展的实施意见", "measures": "支持{industry}产业高质量发展若干措施",
    "notice": "关于开展{industry}应用场景征集的通知", "detailed-rules": "{industry}专项资金管理实施细则",
}  # fmt: skip
_PARKS = {
    "industrial-park": "产业园", "science-city": "科技城", "industry-base": "产业基地", "characteristic-town": "小镇",
    "cluster": "产业集聚区", "building": "大厦",
}  # fmt: skip
_INITIATIVES = {
    "agreement": "战略合作协议", "application-scenario": "示范应用场景", "construction-project": "产业化项目",
    "fund": "产业引导基金", "conference": "产业发展大会",
}  # fmt: skip
_PATTERNS = {"一核两带": ("core", "belt", "belt"), "一廊三区": ("corridor", "section", "section", "section"),
             "双核多点": ("core", "core", "point", "point", "point")}  # fmt: skip
_SUBJECTS = {"rent": "租金补贴", "talent": "人才奖励", "compute": "算力券", "research": "研发补助"}
_SITING = {"rent-indicator": ("元/m²·日", 1, 6), "leasable-area": ("m2", 500, 80_000), "power-supply": ("MVA", 5, 120),
           "distance-to-airport": ("km", 3, 80)}  # fmt: skip
_SERIES = {"related-companies": ("人工智能企业数量", "家"), "industry-output": ("人工智能产业规模", "亿元"),
           "patents": ("专利数量", "件")}  # fmt: skip
_STAGES = ("planned", "under_construction", "partly_open", "open", "open", "open")

_SHARES = {"organisation": 2, "policy": 45, "park": 30, "initiative": 14, "layout": 3, "series": 6}
"""Of a hundred entries; the kinds in the order in which they refer to one another."""


@dataclass(frozen=True)
class Site:
    """A place that entries are put into."""

    key: str
    name: str
    level: str
    lat: Decimal
    lng: Decimal


def sites() -> list[Site]:
    """The cities and districts of today that have a point."""
    rows = Place.objects.filter(level__in=[Level.CITY, Level.DISTRICT], valid_to="", point_lat__isnull=False)
    columns = rows.order_by("entry__key").values_list(
        "entry__key", "short_name", "entry__name", "level", "point_lat", "point_lng"
    )
    return [Site(key, short or name, level, lat, lng) for key, short, name, level, lat, lng in columns
            if lat is not None and lng is not None]  # fmt: skip


def payloads(total: int, places: Sequence[Site], seed: int = 0) -> Iterator[Json]:
    """The source all rest on, then ``total`` entries of six kinds."""
    yield {"kind": "source", "key": SOURCE, "title": "示例数据", "title_en": "Made-up data for measuring"}
    maker = _Maker(Random(seed), places, {kind: max(1, total * share // 100) for kind, share in _SHARES.items()})
    for kind, count in maker.counts.items():
        for number in range(count):
            yield maker.make(kind, number)


class _Maker:
    """Makes the n-th entry of each kind."""

    def __init__(self, random: Random, places: Sequence[Site], counts: dict[str, int]) -> None:
        self.random, self.places, self.counts = random, places, counts
        self._makers: dict[str, Callable[[int], Json]] = {
            "organisation": self._organisation, "policy": self._policy, "park": self._park,
            "initiative": self._initiative, "layout": self._layout, "series": self._series,
        }  # fmt: skip

    def make(self, kind: str, number: int) -> Json:
        facts = self._makers[kind](number)
        return {"kind": kind, "key": _key(kind, number), "citations": [{"path": "", "source": SOURCE}], **facts}

    def _organisation(self, number: int) -> Json:
        site = self._site()
        return {"name": f"示例·{site.name}人工智能机构{number:03}", "places": [site.key],
                "category": self.random.choice(["company", "research-institute", "government"])}  # fmt: skip

    def _policy(self, number: int) -> Json:
        site, industry, issued = self._site(), self._industry(), self._day()
        category = self.random.choice(list(_POLICIES))
        facts: Json = {
            "title": f"示例·{site.name}{_POLICIES[category].format(industry=_INDUSTRIES[industry])}（{number:05}）",
            "category": category, "level": "city" if site.level == Level.CITY else "district", "places": [site.key],
            "issuers": [self._some("organisation")], "doc_number": f"示例发〔{issued.year}〕{number}号",
            "issued": str(issued), "effective": str(issued + timedelta(days=30)), "industries": [industry],
            "targets": [self._target(issued.year + 3)], "measures": [self._measure(subject) for subject in _SUBJECTS],
        }  # fmt: skip
        if number % 4 == 0:
            facts["expires"] = str(issued + timedelta(days=1000))
        if number % 10 == 9:
            facts["relations"] = [{"key": "before", "type": "supersedes", "policy": _key("policy", number - 9)}]
        return facts

    def _park(self, number: int) -> Json:
        site, industry, opened = self._site(), self._industry(), self._day()
        category, stage = self.random.choice(list(_PARKS)), self.random.choice(_STAGES)
        facts: Json = {
            "name": f"示例·{site.name}{_INDUSTRIES[industry]}{_PARKS[category]}{number:05}", "category": category,
            "stage": stage, "places": [site.key], "industries": [industry], "location": self._near(site),
            "areas": [self._area("site", "km2", 1, 60), self._area("floor", "万m2", 2, 300)],
            "operators": [self._some("organisation")], "positioning": [f"{_INDUSTRIES[industry]}创新集聚区"],
            "tenants": [{"key": f"t{n}", "organisation": {"title": f"示例企业{number:05}-{n}"}} for n in range(3)],
            "siting": [self._siting(indicator) for indicator in _SITING if self.random.random() < 0.6],
        }  # fmt: skip
        if stage == "open":
            facts["opened"] = str(opened)
        if number % 8 == 7:
            facts["parents"] = [{"key": "whole", "park": _key("park", number - 7)}]
        return {name: value for name, value in facts.items() if value}

    def _initiative(self, number: int) -> Json:
        site, industry, day = self._site(), self._industry(), self._day()
        category = self.random.choice(list(_INITIATIVES))
        return {
            "title": f"示例·{site.name}{_INDUSTRIES[industry]}{_INITIATIVES[category]}{number:05}",
            "category": category, "places": [site.key], "industries": [industry],
            "date": str(day)[: self.random.choice([4, 7, 10])],
            "parties": [{"key": "first", "party": f"organisation/{self._some('organisation')}", "role": "牵头"}],
            "quantities": [{"key": "amount", "name": "投资", "unit": "亿元", **self._about(1, 100)}],
            "parks": [self._some("park")],
        }  # fmt: skip

    def _layout(self, number: int) -> Json:
        site, pattern = self._site(), self.random.choice(list(_PATTERNS))
        return {
            "title": f"示例·{site.name}“{pattern}”人工智能产业布局{number:04}", "places": [site.key],
            "subject": f"place/{site.key}", "pattern": pattern, "basis": "official", "adopted": str(self._day())[:7],
            "declared_by": self._some("policy"),
            "parts": [{"key": f"part-{n}", "role": role, "name": f"示例片区{n + 1}", "parks": [self._some("park")]}
                      for n, role in enumerate(_PATTERNS[pattern])],
        }  # fmt: skip

    def _series(self, number: int) -> Json:
        site, indicator = self._site(), self.random.choice(list(_SERIES))
        name, unit = _SERIES[indicator]
        return {
            "title": f"示例·{site.name}{name}{number:04}", "places": [site.key], "indicator": indicator,
            "subject": f"place/{site.key}",
            "figures": [{"key": f"y{year}", "date": str(year), "unit": unit, "nature": "actual", **self._about(5, 900)}
                        for year in range(2016, 2025)],
        }  # fmt: skip

    # --- pieces

    def _site(self) -> Site:
        return self.random.choice(self.places)

    def _industry(self) -> str:
        return self.random.choice(list(_INDUSTRIES))

    def _day(self) -> date:
        return date(2015, 1, 1) + timedelta(days=self.random.randrange(4000))

    def _some(self, kind: str) -> str:
        return _key(kind, self.random.randrange(self.counts[kind]))

    def _about(self, least: int, most: int) -> Json:
        return {"value": self.random.randint(least, most), "qualifier": self.random.choice(["exact", "about", "over"])}

    def _area(self, measure: str, unit: str, least: int, most: int) -> Json:
        return {"key": measure, "measure": measure, "unit": unit, **self._about(least, most)}

    def _near(self, site: Site) -> Json:
        return {"lat": site.lat + self._metres(), "lng": site.lng + self._metres()}

    def _metres(self) -> Decimal:
        """Up to about five kilometres, in degrees."""
        return Decimal(self.random.randint(-5000, 5000)) / 100_000

    def _target(self, year: int) -> Json:
        return {"key": "output", "indicator": "industry-output", "name": "产业规模", "unit": "亿元", "by": str(year),
                **self._about(10, 2000)}  # fmt: skip

    def _measure(self, subject: str) -> Json:
        return {"key": subject, "subject": subject, "text": f"示例：{_SUBJECTS[subject]}",
                "cap_value": self.random.randrange(10, 1000, 10), "cap_unit": "万元"}  # fmt: skip

    def _siting(self, indicator: str) -> Json:
        unit, least, most = _SITING[indicator]
        return {"key": indicator, "indicator": indicator, "unit": unit, "date": "2024", **self._about(least, most)}


def _key(kind: str, number: int) -> str:
    return f"{BENCH}-{kind}-{number:06}"


def load(total: int, *, now: datetime, seed: int = 0) -> Iterator[int]:
    """Publish the entries that are not there yet, 500 at a time; yields how many are there after each step."""
    present = set(Entry.objects.filter(key__startswith=f"{BENCH}-").values_list("kind", "key"))
    missing = [item for item in payloads(total, sites(), seed) if (item["kind"], item["key"]) not in present]
    approver = person(BENCH, Role.EDITOR)
    for start in range(0, len(missing), CHUNK):
        chunk = missing[start : start + CHUNK]
        publish(actor=approver, proposals=_proposals(chunk, approver, now), now=now)
        yield len(present) + start + len(chunk)
    analyze()


def _proposals(items: Sequence[Json], approver: User, now: datetime) -> list[Proposal]:
    return Proposal.objects.bulk_create(
        (Proposal(kind=item["kind"], key=item["key"], state=Proposal.State.APPROVED, payload=canonical.dumps(item),
                  nature=Nature.NEW, origin=BENCH, batch=BENCH, reason=REASON, approver=approver, created_at=now)
         for item in items), batch_size=200,
    )  # fmt: skip


def person(name: str, role: Role) -> User:
    """Somebody nobody can log in as, so that the revisions say where they come from."""
    user, _ = User.objects.get_or_create(username=name, defaults={"display_name": "示例数据", "is_active": True})
    user.groups.add(Group.objects.get_or_create(name=role.value)[0])
    return user
