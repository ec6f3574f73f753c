
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', "0008_idempotency"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='event',
            name='event_by_entry',
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['entry', 'sort', 'date_lower', 'date_upper', 'conflict'], name='event_in_time'),
        ),
    ]
