"""Subscriptions to changes, what is to be sent, each attempt, and notices to their owners."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0005_feed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=24, unique=True, verbose_name='键')),
                ('name', models.CharField(max_length=80, verbose_name='名称')),
                ('url', models.CharField(max_length=500, verbose_name='接收地址')),
                ('interest', models.JSONField(default=dict, verbose_name='订阅范围')),
                ('include_document', models.BooleanField(default=False, verbose_name='附公开文档')),
                ('state', models.CharField(choices=[('active', '启用 active'), ('paused', '已暂停 paused'), ('failing', '屡次失败已停用 disabled after failures'), ('gone', '接收端已撤销 receiver gone'), ('blocked', '已由主编停用 blocked')], default='active', max_length=10, verbose_name='状态')),
                ('after', models.BigIntegerField(help_text='此编号之后、符合范围的变更都列入投递', verbose_name='起于编号')),
                ('stopped_after', models.BigIntegerField(help_text='上次停用时的编号；其后至恢复之间的变更未列入', null=True, verbose_name='止于编号')),
                ('created_at', models.DateTimeField(verbose_name='建立')),
                ('secret', models.CharField(editable=False, max_length=80)),
                ('former_secret', models.CharField(blank=True, editable=False, max_length=80)),
                ('former_until', models.DateTimeField(null=True, verbose_name='旧密钥有效至')),
                ('failing_since', models.DateTimeField(help_text='最近一次成功之后的首次失败', null=True, verbose_name='持续失败自')),
                ('failures', models.PositiveIntegerField(default=0, verbose_name='连续失败批次')),
                ('resting_until', models.DateTimeField(null=True, verbose_name='暂歇至')),
                ('turn', models.PositiveIntegerField(default=0, editable=False)),
                ('leased_until', models.DateTimeField(editable=False, null=True)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='所有者')),
            ],
            options={
                'verbose_name': '订阅',
                'verbose_name_plural': '订阅（webhook）',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='WebhookDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message', models.CharField(max_length=40, unique=True, verbose_name='消息编号')),
                ('type', models.CharField(max_length=24, verbose_name='类型')),
                ('state', models.CharField(choices=[('pending', '待投递 pending'), ('delivered', '已送达 delivered'), ('failed', '已放弃 given up')], default='pending', max_length=10, verbose_name='状态')),
                ('created_at', models.DateTimeField(verbose_name='建立')),
                ('due_at', models.DateTimeField(verbose_name='下次尝试')),
                ('first_tried_at', models.DateTimeField(null=True, verbose_name='首次尝试')),
                ('tries', models.PositiveIntegerField(default=0, verbose_name='本轮尝试次数')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='结束')),
                ('change', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='tracker.change', verbose_name='变更')),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='tracker.webhook', verbose_name='订阅')),
            ],
            options={
                'verbose_name': '投递',
                'verbose_name_plural': '投递',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='WebhookAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField(verbose_name='时间')),
                ('milliseconds', models.PositiveIntegerField(verbose_name='毫秒')),
                ('status', models.PositiveSmallIntegerField(null=True, verbose_name='状态码')),
                ('trouble', models.CharField(blank=True, choices=[('address', '地址不可用 address not allowed'), ('connection', '连接失败 no connection'), ('tls', '加密连接失败 no trusted TLS connection'), ('timeout', '超时 too slow'), ('closed', '未答复即断开 closed without an answer'), ('redirect', '重定向（不跟随） redirect, which is not followed'), ('status', '答复为错误 answered with an error'), ('program', '程序错误 error of this tracker')], max_length=12, verbose_name='失败原因')),
                ('detail', models.TextField(blank=True, verbose_name='说明')),
                ('answer', models.TextField(blank=True, verbose_name='答复开头')),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='tracker.webhookdelivery', verbose_name='投递')),
            ],
            options={
                'verbose_name': '尝试',
                'verbose_name_plural': '尝试',
                'ordering': ['delivery_id', 'id'],
            },
        ),
        migrations.CreateModel(
            name='WebhookNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(verbose_name='时间')),
                ('code', models.CharField(choices=[('failing', '屡次投递失败，已停用 disabled: nothing but failures for days'), ('gone', '接收端答复410，已停用 disabled: the receiver answered 410 Gone'), ('blocked', '主编已停用 blocked by the chief editor'), ('unblocked', '主编已解除停用 no longer blocked')], max_length=12, verbose_name='事由')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='理由')),
                ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='tracker.webhook', verbose_name='订阅')),
            ],
            options={
                'verbose_name': '订阅通知',
                'verbose_name_plural': '订阅通知',
                'ordering': ['-id'],
            },
        ),
        migrations.AddIndex(
            model_name='webhook',
            index=models.Index(fields=['owner', 'id'], name='webhook_by_owner'),
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.CheckConstraint(condition=models.Q(('former_secret', ''), ('former_until__isnull', False), _connector='XOR'), name='webhook_former_secret_has_its_end', violation_error_message='旧密钥须有失效时刻。'),
        ),
        migrations.AddIndex(
            model_name='webhookdelivery',
            index=models.Index(fields=['webhook', 'state', 'due_at'], name='delivery_by_due'),
        ),
        migrations.AddIndex(
            model_name='webhookdelivery',
            index=models.Index(fields=['webhook', 'id'], name='delivery_by_webhook'),
        ),
        migrations.AddIndex(
            model_name='webhookdelivery',
            index=models.Index(fields=['ended_at'], name='delivery_by_end'),
        ),
        migrations.AddConstraint(
            model_name='webhookdelivery',
            constraint=models.UniqueConstraint(fields=('webhook', 'change'), name='delivery_once_per_change', violation_error_message='此变更已列入该订阅的投递。'),
        ),
        migrations.AddConstraint(
            model_name='webhookdelivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('change__isnull', True), ('type', 'test')), models.Q(models.Q(('type', 'test'), _negated=True), ('change__isnull', False)), _connector='OR'), name='delivery_is_change_or_test', violation_error_message='投递须指向变更，测试除外。'),
        ),
        migrations.AddConstraint(
            model_name='webhookdelivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'pending')), models.Q(models.Q(('state', 'pending'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='delivery_ended_or_pending', violation_error_message='已结束的投递须有结束时间。'),
        ),
        migrations.AddConstraint(
            model_name='webhookattempt',
            constraint=models.CheckConstraint(condition=models.Q(('status__isnull', False), models.Q(('trouble', ''), _negated=True), _connector='OR'), name='attempt_has_status_or_trouble', violation_error_message='尝试须有状态码或失败原因。'),
        ),
    ]
