"""Tokens, how often they are used, and the group of the role that holds them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def add_partners(apps, schema_editor):
    """Where the roles are there already; a new installation makes all of them with its first logins."""
    group = apps.get_model("auth", "Group")
    if group.objects.filter(name="viewer").exists():
        group.objects.get_or_create(name="api-partner")


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0003_time'),
    ]

    operations = [
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='用途')),
                ('prefix', models.CharField(max_length=16, unique=True, verbose_name='前缀')),
                ('secret_digest', models.CharField(editable=False, max_length=64)),
                ('former_digest', models.CharField(blank=True, editable=False, max_length=64)),
                ('former_until', models.DateTimeField(blank=True, null=True, verbose_name='旧密钥有效至')),
                ('scopes', models.JSONField(default=list, verbose_name='权限')),
                ('kinds', models.JSONField(blank=True, default=list, help_text='空：不限', verbose_name='限于种类')),
                ('places', models.JSONField(blank=True, default=list, help_text='空：不限；含所辖地区', verbose_name='限于地区')),
                ('created_at', models.DateTimeField(verbose_name='建立')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='到期')),
                ('last_used_at', models.DateTimeField(blank=True, null=True, verbose_name='最近使用')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='撤销')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to=settings.AUTH_USER_MODEL, verbose_name='持有人')),
                ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='撤销人')),
            ],
            options={
                'verbose_name': '接口令牌',
                'verbose_name_plural': '接口令牌',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='TokenUsage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('requests', models.PositiveBigIntegerField(default=0)),
                ('unchanged', models.PositiveBigIntegerField(default=0, help_text='answers 304')),
                ('errors', models.PositiveBigIntegerField(default=0, help_text='answers 4xx and 5xx but 429')),
                ('throttled', models.PositiveBigIntegerField(default=0, help_text='answers 429')),
                ('token', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='usage', to='tracker.apitoken')),
            ],
            options={
                'ordering': ['-day'],
            },
        ),
        migrations.AddConstraint(
            model_name='apitoken',
            constraint=models.CheckConstraint(condition=models.Q(('former_digest', ''), ('former_until__isnull', False), _connector='XOR'), name='token_former_secret_has_its_end', violation_error_message='旧密钥须有失效时刻。'),
        ),
        migrations.AddConstraint(
            model_name='apitoken',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__isnull', True), ('expires_at__gt', models.F('created_at')), _connector='OR'), name='token_expires_after_it_was_made', violation_error_message='到期须晚于建立。'),
        ),
        migrations.AddConstraint(
            model_name='tokenusage',
            constraint=models.UniqueConstraint(fields=('token', 'day'), name='token_usage_unique_per_day'),
        ),
        migrations.RunPython(add_partners, migrations.RunPython.noop),
    ]
