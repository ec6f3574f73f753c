"""One plain sentence, Chinese and English, for each criterion of each park, and for what could turn the order. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from parks.criteria import CHOICES, Answer, Criterion, Reading, unit_label
from parks.models import Stage
from parks.scoring import Points, Verdict
from policies.models import AreaMeasure
from tracker.entries.fields import Json

References = Mapping[tuple[str, str], Json]


class Said(NamedTuple):
    zh: str
    en: str

    def shown(self) -> dict[str, str]:
        return self._asdict()


def title(one: Criterion, references: References) -> Said:
    """What the criterion is about: 规划面积, 位于深圳市, 到某平台的距离."""
    if one.type == "area":
        measure = AreaMeasure(one.of)
        return Said(measure.zh, measure.en)
    if one.type == "siting":
        return _name(references["indicator", one.of])
    if one.type == "distance":
        kind, _slash, key = one.of.partition("/")
        to = _name(references[kind, key])
        return Said(f"到{to.zh}的距离", f"distance to {to.en}")
    if one.type == "stage":
        stages = [Stage(value) for value in one.any_of]
        return Said("阶段为" + "、".join(stage.zh for stage in stages),
                    "stage " + " or ".join(stage.en for stage in stages))  # fmt: skip
    names = _listed([references[CHOICES[one.type], key] for key in one.any_of])
    words = {
        "category": ("类别为{}", "category {}"),
        "place": ("位于{}", "in {}"),
        "industry": ("产业含{}", "industry {}"),
        "designation": ("已获{}", "titled {}"),
        "policy": ("适用的政策有{}措施", "a policy with measures for {} applies"),
    }
    zh, en = words[one.type]
    return Said(zh.format(names.zh), en.format(names.en))


def sentence(one: Criterion, reading: Reading, points: Points | None, verdict: Verdict | None, share: Fraction,
             references: References) -> Said:  # fmt: skip
    """What is known, what it means for a hard criterion, and the points it gives."""
    about, found = title(one, references), _found(one, reading)
    judged = _judged(one, verdict)
    scored = _scored(one, points, share)
    zh = "；".join(part.zh for part in (judged, scored) if part)
    en = "; ".join(part.en for part in (judged, scored) if part)
    return Said(f"{about.zh}：{found.zh}；{zh}。", f"{_capital(about.en)}: {found.en}; {en}.")


def turn(first: Json, second: Json, holder: Json, about: Said, ranks: tuple[int, int]) -> Said:
    """What one missing fact could do: the sentence that names both places."""
    one, other, missing = _name(first), _name(second), _name(holder)
    return Said(
        f"若知道{missing.zh}的“{about.zh}”，第 {ranks[1]} 名{other.zh}可能超过第 {ranks[0]} 名{one.zh}。",
        f"Knowing {missing.en}'s “{about.en}” could put no. {ranks[1]}, {other.en}, above no. {ranks[0]}, {one.en}.",
    )


# --- its parts ----------------------------------------------------------------------------------------------------


def _found(one: Criterion, reading: Reading) -> Said:
    doubts = {
        "possibly": Said("当日或许如此，尚不能定", "only possibly so on that day"),
        "unit": Said("记录的单位不同，不能相比", "recorded in another unit, which cannot be compared"),
        "unverified": Said(*_unverified(reading)),
    }
    if reading.doubt:
        return doubts[reading.doubt]
    if one.numeric:
        return _number(one, reading)
    if reading.answer is Answer.UNKNOWN:
        never_whole = one.type in ("industry", "designation", "policy")
        return Said("没有查到，不等于没有", "not found, which is not no") if never_whole else Said("未知", "unknown")
    named = _listed([item for item in reading.named if "code" not in item][:3])
    stage = next((Stage(item["code"]) for item in reading.named if "code" in item), None)
    yes = Said("是", "yes") if reading.answer is Answer.YES else Said("不是", "no")
    if stage is not None:
        return Said(f"{yes.zh}（{stage.zh}）", f"{yes.en} ({stage.en})")
    return Said(f"{yes.zh}（{named.zh}）", f"{yes.en} ({named.en})") if named.zh else yes


def _unverified(reading: Reading) -> tuple[str, str]:
    named = _listed(reading.named[:2])
    return f"{named.zh}未核实当日是否有效", f"{named.en} not verified as in force on that day"


def _number(one: Criterion, reading: Reading) -> Said:
    if not reading.known:
        return Said("未知", "unknown")
    zh_unit, en_unit = unit_label(one.unit)
    own = Said("（本团队）", " (this team's)") if reading.own else Said("", "")
    if reading.low == reading.high and reading.low is not None:
        number = plain(reading.low)
        return Said(f"{number} {zh_unit}{own.zh}", f"{number} {en_unit}{own.en}")
    if reading.high is None:
        assert reading.low is not None
        return Said(f"超过 {plain(reading.low)} {zh_unit}", f"over {plain(reading.low)} {en_unit}")
    if reading.low is None:
        return Said(f"不足 {plain(reading.high)} {zh_unit}", f"under {plain(reading.high)} {en_unit}")
    ends = plain(reading.low), plain(reading.high)
    return Said(f"{ends[0]} 至 {ends[1]} {zh_unit}{own.zh}", f"{ends[0]} to {ends[1]} {en_unit}{own.en}")


def _judged(one: Criterion, verdict: Verdict | None) -> Said | None:
    if verdict is None:
        return None
    wanted = _bounds(one)
    return {
        Verdict.PASSES: Said(f"符合硬条件{wanted.zh}", f"meets the hard criterion{wanted.en}"),
        Verdict.FAILS: Said(f"不符合硬条件{wanted.zh}，排除", f"fails the hard criterion{wanted.en} and is eliminated"),
        Verdict.OPEN: Said(f"硬条件{wanted.zh}待查，不因未知而排除",
                           f"the hard criterion{wanted.en} is open; unknown does not eliminate"),
    }[verdict]  # fmt: skip


def _bounds(one: Criterion) -> Said:
    zh_unit, en_unit = unit_label(one.unit)
    zh, en = [], []
    if one.at_least is not None:
        zh.append(f"至少 {plain(one.at_least)} {zh_unit}")
        en.append(f"at least {plain(one.at_least)} {en_unit}")
    if one.at_most is not None:
        zh.append(f"至多 {plain(one.at_most)} {zh_unit}")
        en.append(f"at most {plain(one.at_most)} {en_unit}")
    return Said(f"（{'，'.join(zh)}）", f" ({', '.join(en)})") if zh else Said("", "")


def _scored(one: Criterion, points: Points | None, share: Fraction) -> Said | None:
    if points is None:
        return None
    scale = Said("", "")
    if one.numeric:
        assert one.worst is not None and one.best is not None
        zh_unit, en_unit = unit_label(one.unit)
        scale = Said(f"{plain(one.worst)} {zh_unit}为 0 分，{plain(one.best)} {zh_unit}为满分，",
                     f"{plain(one.worst)} {en_unit} is 0, {plain(one.best)} {en_unit} is full marks, ")  # fmt: skip
    weight = f"{plain(round(Decimal(share.numerator) / share.denominator * 100, 1))}%"
    if points.known:
        return Said(f"{scale.zh}得 {marks(points.low)} 分，权重 {weight}",
                    f"{scale.en}it scores {marks(points.low)} of 1, weight {weight}")  # fmt: skip
    low, high = marks(points.low), marks(points.high)
    return Said(f"{scale.zh}得 {low} 至 {high} 分，权重 {weight}",
                f"{scale.en}it scores between {low} and {high} of 1, weight {weight}")  # fmt: skip


def marks(share: Fraction) -> str:
    """Points to two places, without trailing zeros: 0.68."""
    return f"{float(share):.2f}".rstrip("0").rstrip(".")


def plain(number: Decimal) -> str:
    """A number with thousands, to four figures after the point at most."""
    text = f"{number:,.4f}"
    return text.rstrip("0").rstrip(".")


def _name(reference: Json) -> Said:
    zh = reference.get("name") or reference.get("title") or reference.get("key") or ""
    return Said(zh, reference.get("name_en") or reference.get("title_en") or zh)


def _listed(references: Sequence[Json]) -> Said:
    names = [_name(reference) for reference in references]
    return Said("、".join(name.zh for name in names), ", ".join(name.en for name in names))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
