"""When a shortlist was saved; of those that are there, the later of what is known: made, or last told of a change."""

from django.db import migrations, models
from django.db.models.functions import Greatest
from django.utils import timezone


def fill(apps, schema_editor):
    apps.get_model("parks", "Shortlist").objects.update(saved_at=Greatest("created_at", "known_at"))


class Migration(migrations.Migration):
    dependencies = [("parks", "0004_filters_by_index")]

    operations = [
        migrations.AddField(
            model_name="shortlist",
            name="saved_at",
            field=models.DateTimeField("保存于", default=timezone.now, help_text="when it was frozen"),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
