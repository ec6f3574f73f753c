"""Entries, their revisions, versions and changes: the tables every kind shares.

An ``Entry`` is what the public can see of one thing. The facts of its kind stand in a detail table of the kind's own
app, one row per entry; dated children in tables of theirs. Rows are written by ``curation.publish`` alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from tracker.values.codes import Nature
from tracker.values.fields import ByteOrderedField, EdtfField, bounds


class State(models.TextChoices):
    LIVE = "live", "公开"
    WITHDRAWN = "withdrawn", "已撤下"
    MERGED = "merged", "已合并"


class EntryQuerySet(models.QuerySet["Entry"]):
    def live(self) -> Self:
        return self.filter(state=State.LIVE)

    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def among(self, pks: Iterable[int]) -> Self:
        """Those of the entries, however many: one parameter of the query."""
        text = ",".join(map(str, pks))
        if connection.vendor == "postgresql":
            return self.filter(models.Func(
                "pk", models.Value(f"{{{text}}}"), arg_joiner=" = ANY(", template="%(expressions)s::bigint[])",
                output_field=models.BooleanField()))  # fmt: skip
        return self.filter(pk__in=RawSQL("SELECT value FROM json_each(%s)", (f"[{text}]",)))

    def within(self, keys: list[str], kind: str = "place") -> Self:
        """Entries that lie in one of the places (or industries), however deep."""
        inside = Containment.objects.filter(container__kind=kind, container__key__in=keys)
        return self.filter(pk__in=inside.values("entry_id"))

    def lying_in(self, container: Entry) -> Self:
        """Entries that lie in one place (or industry) that is at hand: its size is known when the query is planned."""
        return self.filter(pk__in=Containment.objects.filter(container=container).values("entry_id"))

    def referring_to(self, kind: str, keys: list[str], day: date | None = None) -> Self:
        """Entries that refer to one of those; with a day, in what possibly held on it."""
        references = Reference.objects.filter(target__kind=kind, target__key__in=keys)
        return self.filter(pk__in=(references.on(day) if day else references).values("entry_id"))


class Entry(models.Model):
    kind = models.CharField(_("种类"), max_length=24)
    key = ByteOrderedField(_("键"), max_length=80)
    state = models.CharField(_("公开状态"), max_length=12, choices=State.choices, default=State.LIVE)
    name = models.CharField(_("名称"), max_length=300)
    name_en = models.CharField(_("英文名称"), max_length=300, blank=True)
    name_folded = models.CharField(max_length=300, blank=True, editable=False)
    aliases = models.JSONField(_("别名"), default=list, blank=True)
    note = models.TextField(_("备注"), blank=True)
    category = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(_("状态"), max_length=24, blank=True)

    date = EdtfField(_("主日期"))
    date_lower, date_upper = bounds("date")
    date_sort = ByteOrderedField(max_length=140, blank=True, editable=False)
    undated = models.GeneratedField(
        expression=models.Case(models.When(date_sort="", then=1), default=0), db_persist=True,
        output_field=models.SmallIntegerField(),
    )  # fmt: skip
    since = EdtfField(_("起始"))
    since_lower, since_upper = bounds("since")
    until = EdtfField(_("终止"))
    until_lower, until_upper = bounds("until")
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    precision = models.CharField(max_length=12, blank=True)

    document = models.TextField(editable=False)
    reference = models.TextField(editable=False, default="{}")
    version = models.BigIntegerField(_("版本号"), default=0, help_text=_("最近一次变更的编号"))
    revision = models.PositiveIntegerField(_("修订"), default=0)
    schema_version = models.PositiveSmallIntegerField(default=1)
    published_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    stale_after = models.DateField(null=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("条目")
        verbose_name_plural = _("条目")
        ordering = ["kind", "key"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="entry_key_unique_per_kind",
                                    violation_error_message="同一种类中已有此键。"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["kind", "state", "undated", "date_sort", "key"], name="entry_by_date"),
            models.Index(fields=["kind", "state", "status"], name="entry_by_status"),
            models.Index(fields=["kind", "state", "category"], name="entry_by_category"),
            models.Index(fields=["kind", "updated_at"], name="entry_by_updated"),
            models.Index(fields=["kind", "verified_at"], name="entry_by_verified"),
            models.Index(fields=["kind", "since_lower", "until_upper"], name="entry_by_validity"),
            models.Index(fields=["kind", "date_lower"], name="entry_by_first_day"),
            models.Index(fields=["kind", "date_upper"], name="entry_by_last_day"),
            models.Index(fields=["kind", "stale_after"], name="entry_by_staleness"),
            models.Index(fields=["lat", "lng"], name="entry_by_point"),
            models.Index(fields=["name_folded"], name="entry_by_folded_name"),
            models.Index(fields=["version"], name="entry_by_version"),
        ]

    def __str__(self) -> str:
        return self.name


class Detail(models.Model):
    """Base of a kind's own table: one row per entry, the entry's key as its key."""

    entry = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="%(class)s")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.entry)


class Child(models.Model):
    """Base of a dated or listed child: its key is unique in the list and never reused."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="%(class)s_set")
    key = ByteOrderedField(max_length=80)
    position = models.PositiveIntegerField()

    class Meta:
        abstract = True
        ordering = ["entry_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "key"], name="%(class)s_key_unique_per_entry",
                                    violation_error_message="同一列表中已有此子项键。"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.entry_id}/{self.key}"


class ReferenceQuerySet(models.QuerySet["Reference"]):
    def on(self, day: date) -> Self:
        """References that possibly held on a day: a tenant who was there, a title that was held."""
        begun = Q(valid_lower__lte=day) | Q(valid_lower__isnull=True)
        return self.filter(begun, Q(valid_upper__gt=day) | Q(valid_upper__isnull=True))


class Reference(models.Model):
    """Who refers to whom, for every kind: the index behind reverse look-ups and derived re-rendering."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="references")
    field = models.CharField(max_length=60)
    child = ByteOrderedField(max_length=80, blank=True)
    role = models.CharField(max_length=24, blank=True)
    position = models.PositiveIntegerField()
    target_kind = models.CharField(max_length=24)
    target = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="referrers")
    sought = models.CharField(_("所指名称"), max_length=300, blank=True)
    named = ByteOrderedField(
        _("所写的键"), max_length=80, blank=True, help_text="where it leads to another: a successor"
    )
    valid_lower = models.DateField(null=True, help_text="first day on which the child it stands in may have held")
    valid_upper = models.DateField(null=True, help_text="last day on which that child may have ended")

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["entry_id", "field", "child", "position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(target__isnull=False) | ~Q(sought=""), name="reference_has_target_or_title",
                violation_error_message="引用须指向条目或写明名称。"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["target", "field"], name="reference_by_target"),
            models.Index(fields=["field", "target", "entry"], name="reference_by_field"),
            models.Index(fields=["sought"], name="reference_by_sought"),
            models.Index(fields=["named"], name="reference_by_named"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.field} → {self.target_id or self.sought}"


class Name(models.Model):
    """Every name an entry goes by, folded for comparison; how a title leads to its entry."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="names")
    kind = models.CharField(max_length=24)
    text = models.CharField(max_length=300)

    class Meta:
        indexes = [models.Index(fields=["text", "kind"], name="name_by_text")]

    def __str__(self) -> str:
        return self.text


class ContainmentQuerySet(models.QuerySet["Containment"]):
    def places_of(self, entries: Iterable[int]) -> dict[int, set[str]]:
        """The keys of the places that each entry lies in, however deep; entries by primary key."""
        found: dict[int, set[str]] = defaultdict(set)
        rows = self.filter(entry_id__in=list(entries)).exclude(level=Containment.Level.INDUSTRY)
        for entry_id, place in rows.values_list("entry_id", "container__key"):
            found[entry_id].add(place)
        return found


class Containment(models.Model):
    """Which places and industries an entry lies in, however deep; derived at publish.

    ``kind`` is the entry's and ``level`` the container's, so that counts by city need this table alone.
    """

    class Level(models.TextChoices):
        COUNTRY = "country"
        REGION = "region"
        PROVINCE = "province"
        MUNICIPALITY = "municipality"
        CITY = "city"
        DISTRICT = "district"
        INDUSTRY = "industry"

    CITIES = (Level.CITY, Level.MUNICIPALITY)
    PROVINCES = (Level.PROVINCE, Level.MUNICIPALITY)

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="containments")
    container = models.ForeignKey(Entry, models.CASCADE, related_name="contained")
    direct = models.BooleanField()
    kind = models.CharField(max_length=24)
    level = models.CharField(max_length=12, choices=Level.choices)

    objects = ContainmentQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["container", "entry"], name="containment_unique")]
        indexes = [models.Index(fields=["kind", "level", "container"], name="containment_by_level")]

    def __str__(self) -> str:
        return f"{self.entry_id} in {self.container_id}"


class Revision(models.Model):
    """One editorial state of an entry: its whole payload, and who changed it and why. Never rewritten."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(_("序号"))
    payload = models.TextField()
    schema_version = models.PositiveSmallIntegerField(default=1)
    changed_fields = models.JSONField(default=list)
    nature = models.CharField(max_length=12, choices=Nature.choices)
    origin = models.CharField(_("来路"), max_length=24)
    reason = models.CharField(_("理由"), max_length=500, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    forced = models.BooleanField(_("主编强制发布"), default=False)
    request_id = models.CharField(max_length=40, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("修订")
        verbose_name_plural = _("修订")
        ordering = ["entry_id", "number"]
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="revision_number_unique")]

    def __str__(self) -> str:
        return f"{self.entry} r{self.number}"


class Change(models.Model):
    """One line of the feed. ``seq`` is given out under a lock, so its order is the order of commits."""

    class Action(models.TextChoices):
        PUBLISHED = "published", "发布"
        WITHDRAWN = "withdrawn", "撤下"
        MERGED = "merged", "合并"
        RESTORED = "restored", "恢复"

    seq = models.BigIntegerField(primary_key=True)
    action = models.CharField(max_length=12, choices=Action.choices, default=Action.PUBLISHED)
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=24)
    key = ByteOrderedField(max_length=80)
    revision = models.PositiveIntegerField()
    nature = models.CharField(max_length=12, choices=Nature.choices)
    changed_fields = models.JSONField(default=list)
    recorded_at = models.DateTimeField(db_index=True)
    source = models.CharField(max_length=80, blank=True)
    successor = ByteOrderedField(_("继任键"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("变更")
        verbose_name_plural = _("变更")
        ordering = ["seq"]
        indexes = [models.Index(fields=["kind", "seq"], name="change_by_kind")]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}/{self.key} {self.nature}"


class ChangePlace(models.Model):
    """A place that a change concerns: the entry lay in it before the change, or does after it, however deep.

    So that whoever follows a place is told of what has left it, too.
    """

    change = models.ForeignKey(Change, models.CASCADE, related_name="places")
    place = ByteOrderedField(max_length=80)
    inside = models.BooleanField(help_text="after the change")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "change"], name="change_place_unique")]

    def __str__(self) -> str:
        return f"{self.change_id} concerns {self.place}"


class Counter(models.Model):
    """The last feed number given out; one row, locked last in each publishing transaction."""

    name = models.CharField(primary_key=True, max_length=20)
    value = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.value}"


class DocumentVersion(models.Model):
    """What the tracker said of an entry from feed number ``seq_from`` until ``seq_to``, with its events."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="versions")
    kind = models.CharField(max_length=24)
    key = ByteOrderedField(max_length=80)
    seq_from = models.BigIntegerField()
    seq_to = models.BigIntegerField(null=True)
    state = models.CharField(max_length=12, choices=State.choices)
    document = models.TextField()
    events = models.TextField(default="[]")
    places = models.JSONField(default=list)
    category = models.CharField(max_length=80, blank=True)
    status = models.CharField(max_length=24, blank=True)
    date_sort = ByteOrderedField(max_length=140, blank=True)
    date_lower = models.DateField(null=True)
    date_upper = models.DateField(null=True)
    since_lower = models.DateField(null=True)
    until_upper = models.DateField(null=True)
    spans = models.JSONField(default=list, help_text="[[since, until, status], …]: its status from day to day")
    undated = models.GeneratedField(
        expression=models.Case(models.When(date_sort="", then=1), default=0), db_persist=True,
        output_field=models.SmallIntegerField(),
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "seq_from"], name="version_start_unique"),
            models.CheckConstraint(condition=Q(seq_to__isnull=True) | Q(seq_to__gt=models.F("seq_from")),
                                   name="version_ends_after_it_begins"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["kind", "seq_from", "seq_to"], name="version_by_seq"),
            models.Index(fields=["kind", "key", "seq_from"], name="version_by_key"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.key} [{self.seq_from}, {self.seq_to})"


class Redirect(models.Model):
    """An old key and where it leads: merges make them; a key is never used again."""

    kind = models.CharField(max_length=24)
    old_key = ByteOrderedField(max_length=80)
    new_key = ByteOrderedField(max_length=80)
    reason = models.CharField(max_length=300)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "old_key"], name="redirect_unique")]
        indexes = [models.Index(fields=["kind", "new_key"], name="redirect_by_new_key")]

    def __str__(self) -> str:
        return f"{self.kind}/{self.old_key} → {self.new_key}"


def live_entry(kind: str, key: str) -> Any:
    """The live entry of that kind and key, or None."""
    return Entry.objects.live().filter(kind=kind, key=key).first()
