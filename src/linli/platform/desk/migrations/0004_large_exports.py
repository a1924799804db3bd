"""Lists too long to be sent at once are made by the worker, for whoever asked."""

import django.db.models.deletion
import linli.kernel.ids
from django.conf import settings
from django.db import migrations, models

from linli.platform.desk.models import OWN_OR_PLATFORM


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0003_batches'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='exportrule',
            name='kept_days',
            field=models.PositiveSmallIntegerField(default=7),
        ),
        migrations.AddField(
            model_name='exportrule',
            name='most_in_all',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.CreateModel(
            name='LargeExport',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('post_id', models.UUIDField()),
                ('unit_id', models.UUIDField()),
                ('register', models.CharField(max_length=60)),
                ('form', models.CharField(max_length=10)),
                ('query', models.TextField(blank=True)),
                ('columns', models.JSONField(default=list)),
                ('language', models.CharField(max_length=10)),
                ('purpose', models.CharField(max_length=200, verbose_name='purpose')),
                ('asked_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('waiting', 'waiting its turn'), ('making', 'being made'), ('ready', 'ready to fetch'), ('failed', 'could not be made'), ('cancelled', 'cancelled'), ('expired', 'deleted')], default='waiting', max_length=10)),
                ('fault', models.CharField(blank=True, choices=[('no_post', 'You no longer hold the post in which you asked for it.'), ('too_long', 'An Excel sheet holds 1,048,576 rows at most; this list has more.'), ('no_room', 'The server had no room for the file. Please tell the office.'), ('broken', 'Something broke on our side. It has been recorded.')], max_length=10)),
                ('run', models.UUIDField(null=True)),
                ('touched_at', models.DateTimeField()),
                ('rows_done', models.PositiveIntegerField(default=0)),
                ('rows_expected', models.PositiveIntegerField(null=True)),
                ('stored', models.CharField(blank=True, max_length=80)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('made_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('export', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='desk.export')),
            ],
            options={
                'indexes': [models.Index(fields=['account', '-asked_at'], name='desk_largee_account_845193_idx'), models.Index(fields=['state', 'touched_at'], name='desk_largee_state_5b9e4b_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('expires_at__isnull', False), ('export__isnull', False), ('state', 'ready'), models.Q(('stored', ''), _negated=True)), models.Q(models.Q(('state', 'ready'), _negated=True), ('stored', '')), _connector='OR'), name='large_export_has_its_file_while_ready'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), models.Q(('fault', ''), _negated=True)), models.Q(models.Q(('state', 'failed'), _negated=True), ('fault', '')), _connector='OR'), name='large_export_says_why_it_failed')],
            },
        ),
        migrations.RunSQL(
            "ALTER TABLE desk_largeexport ENABLE ROW LEVEL SECURITY;"
            f"CREATE POLICY own ON desk_largeexport USING ({OWN_OR_PLATFORM})",
            "DROP POLICY own ON desk_largeexport;"
            "ALTER TABLE desk_largeexport DISABLE ROW LEVEL SECURITY",
        ),
    ]
