"""The full-text index: FTS5 on SQLite, a GIN index over tsvector on PostgreSQL."""

from django.db import migrations


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX search_text_gin ON tracker_searchtext "
            "USING gin (to_tsvector('simple', names || ' ' || others))"
        )
    else:
        schema_editor.execute(
            "CREATE VIRTUAL TABLE tracker_search_fts USING fts5(names, others, tokenize='ascii', prefix='2 3 4')"
        )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX search_text_gin")
    else:
        schema_editor.execute("DROP TABLE tracker_search_fts")


class Migration(migrations.Migration):
    dependencies = [("tracker", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
