"""Fixed codes shared by several kinds; their labels are Chinese, with the English beside."""

from __future__ import annotations

from django.db import models


class BilingualChoices(models.TextChoices):
    """Text choices whose label is written ``中文 English``; both halves can be had apart."""

    @property
    def zh(self) -> str:
        return str(self.label).partition(" ")[0]

    @property
    def en(self) -> str:
        return str(self.label).partition(" ")[2]


class Qualifier(BilingualChoices):
    EXACT = "exact", "等于 exactly"
    ABOUT = "about", "约 about"
    NEARLY = "nearly", "近 nearly"
    OVER = "over", "超过 over"
    UNDER = "under", "不足 under"


class Rank(BilingualChoices):
    PREFERRED = "preferred", "首选 preferred"
    NORMAL = "normal", "一般 normal"
    DEPRECATED = "deprecated", "弃用 deprecated"


class Nature(BilingualChoices):
    """Why a public document changed."""

    NEW = "new", "新增 new"
    CORRECTION = "correction", "更正 correction"
    WORLD = "world", "现实变化 reality changed"
    EVIDENCE = "evidence", "证据 evidence"
    DERIVED = "derived", "派生 derived"
    WITHDRAWN = "withdrawn", "撤下 withdrawn"
    MERGED = "merged", "合并 merged"
