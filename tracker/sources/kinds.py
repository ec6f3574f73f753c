"""The kind ``source``: a document, page, data set or judgement that facts rest on."""

from __future__ import annotations

from tracker.entries.fields import Date, Flag, Json, Text
from tracker.entries.kinds import Kind
from tracker.vocabulary.kinds import category


def reference(document: Json) -> Json:
    """What a citation shows of its source: {kind, key, title, publisher, date, url}."""
    names = ("kind", "key", "title", "title_en", "publisher", "date", "url")
    return {name: document[name] for name in names} | {"name": document["title"], "name_en": document["title_en"]}


SOURCE = Kind(
    thing="CreativeWork", thing_words=(("publisher", "publisher"), ("date", "datePublished"), ("url", "sameAs")),
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
