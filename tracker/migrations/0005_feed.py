"""Which places each change concerns, and who succeeds what left public view."""

import django.db.models.deletion
from django.db import migrations, models

import tracker.values.fields

# What was recorded before is told to the places that the entry lies in today: where it lay then was not kept.
PLACES = """
    INSERT INTO tracker_changeplace (change_id, place, inside)
    SELECT change.seq, place.key, TRUE
    FROM tracker_change change
    JOIN tracker_containment held ON held.entry_id = change.entry_id
    JOIN tracker_entry place ON place.id = held.container_id AND place.kind = 'place'
"""
SUCCESSORS = """
    UPDATE tracker_change SET successor = (
        SELECT new_key FROM tracker_redirect led WHERE led.kind = tracker_change.kind AND led.old_key = tracker_change.key
    )
    WHERE action IN ('withdrawn', 'merged') AND EXISTS (
        SELECT 1 FROM tracker_redirect led WHERE led.kind = tracker_change.kind AND led.old_key = tracker_change.key
    )
"""


class Migration(migrations.Migration):
    dependencies = [("tracker", "0004_tokens")]
    operations = [
        migrations.AddField(
            "change",
            "successor",
            tracker.values.fields.ByteOrderedField(blank=True, default="", max_length=80, verbose_name="继任键"),
            preserve_default=False,
        ),
        migrations.CreateModel(
            "ChangePlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", tracker.values.fields.ByteOrderedField(max_length=80)),
                ("inside", models.BooleanField(help_text="after the change")),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="places", to="tracker.change"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "changeplace", models.UniqueConstraint(fields=("place", "change"), name="change_place_unique")
        ),
        *(
            migrations.AddField(
                model,
                "named",
                tracker.values.fields.ByteOrderedField(
                    blank=True,
                    default="",
                    help_text="where it leads to another: a successor",
                    max_length=80,
                    verbose_name="所写的键",
                ),
                preserve_default=False,
            )
            for model in ("reference", "citation")
        ),
        migrations.AddIndex("reference", models.Index(fields=["named"], name="reference_by_named")),
        migrations.AddIndex("citation", models.Index(fields=["named"], name="citation_by_named")),
        migrations.RunSQL(PLACES, migrations.RunSQL.noop),
        migrations.RunSQL(SUCCESSORS, migrations.RunSQL.noop),
    ]
