"""The kinds ``industry``, ``indicator`` and ``term``.

Terms are the categories, roles and subjects that entries are sorted by (``park-category``, ``layout-role`` …). A code
on which behaviour depends is an enumeration in the program; a word that only sorts is a term, and editors add some.
"""

from __future__ import annotations

from tracker.entries.fields import Number, Ref, Text
from tracker.entries.kinds import Kind

INDUSTRY = Kind(
    name="industry", plural="industries", zh="产业", en="Industry", model="tracker.Industry", order=13,
    reference_data=True, containers="parent",
    fields=(Ref(name="parent", zh="上级", en="Parent", kinds=("industry",)),),
)  # fmt: skip

INDICATOR = Kind(
    thing="StatisticalVariable",
    name="indicator", plural="indicators", zh="指标", en="Indicator", model="tracker.Indicator", order=14,
    reference_data=True,
    fields=(
        Text(name="unit", zh="单位", en="Unit", max_length=40),
        Number(name="shelf_life_months", zh="有效月数", en="Shelf life in months", integer=True, minimum=1),
        Text(name="definition", zh="口径", en="Definition", max_length=500),
    ),
    searched=("definition",),
)  # fmt: skip

TERM = Kind(
    name="term", plural="terms", zh="术语", en="Term", model="tracker.Term", order=11, reference_data=True,
    fields=(
        Text(name="vocabulary", zh="词表", en="Vocabulary", max_length=40, required=True),
        Number(name="rank", zh="次序", en="Rank", integer=True, minimum=0),
    ),
)  # fmt: skip


def category(vocabulary: str) -> Ref:
    """The field ``category``: an entry's own sort, a term of the vocabulary named."""
    return Ref(name="category", zh="类别", en="Category", kinds=("term",), vocabulary=vocabulary)
