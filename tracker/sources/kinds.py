"""The kinds ``source``, which facts rest on, and ``coverage``: how far one looked for something in a place."""

from __future__ import annotations

from tracker.entries.fields import Code, Date, Flag, Json, Text
from tracker.entries.kinds import Kind
from tracker.vocabulary.kinds import category

from .models import Finding, Topic


def reference(document: Json) -> Json:
    """What a citation shows of its source: {kind, key, title, publisher, date, url}."""
    names = ("kind", "key", "title", "title_en", "publisher", "date", "url")
    return {name: document[name] for name in names} | {"name": document["title"], "name_en": document["title_en"]}


SOURCE = Kind(
    thing="CreativeWork", thing_place="spatialCoverage",
    thing_words=(("publisher", "publisher"), ("date", "datePublished"), ("url", "sameAs")),
    name="source", plural="sources", zh="来源", en="Source", model="tracker.Source", order=12, reference_data=True,
    naming="title", main_date="date",
    expected=("category", "publisher", "date"),
    fields=(
        category("source-category"),
        Text(name="publisher", zh="发布者", en="Publisher", max_length=200),
        Text(name="author", zh="作者", en="Author", max_length=200),
        Date(name="date", zh="日期", en="Date", column="published"),
        Text(name="url", zh="网址", en="URL", max_length=500),
        Text(name="sha256", zh="文件哈希", en="File hash (SHA-256)", max_length=64),
        Date(name="retrieved", zh="取得日期", en="Retrieved"),
        Flag(name="public", zh="原件公开", en="The original is public"),
        Text(name="licence", zh="许可", en="Licence", max_length=120),
    ),
    reference=reference, searched=("publisher", "author"),
)  # fmt: skip

COVERAGE = Kind(
    name="coverage", plural="coverage", zh="查考情况", en="Coverage record", model="tracker.Coverage", order=97,
    naming="title", main_date="looked", expected=("places", "topic", "finding", "looked"), faceted=("topic", "finding"),
    fields=(
        Code(name="topic", zh="主题", en="Topic", choices=Topic, required=True),
        Code(name="finding", zh="结果", en="Finding", choices=Finding, required=True,
             help="none: looked and found none; complete: what is here is all there is"),
        Date(name="looked", zh="查考日期", en="Looked on", required=True, help="the day for which it holds"),
        Text(name="scope", zh="范围", en="Where one looked"),
    ),
    searched=("scope",),
)  # fmt: skip
