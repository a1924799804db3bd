"""What came of acts on ticked rows, seen by whoever did them."""

import django.db.models.deletion
import linli.kernel.ids
from django.conf import settings
from django.db import migrations, models

from linli.platform.desk.models import OWN_OR_PLATFORM


class Migration(migrations.Migration):

    dependencies = [
        ('desk', '0002_scope_and_rule'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('register', models.CharField(max_length=60)),
                ('act', models.CharField(max_length=60)),
                ('query', models.CharField(blank=True, max_length=2000)),
                ('given', models.JSONField(default=dict)),
                ('came', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='desk_batch_at_4a1d9a_idx')],
            },
        ),
        migrations.RunSQL(
            "ALTER TABLE desk_batch ENABLE ROW LEVEL SECURITY;"
            f"CREATE POLICY own ON desk_batch USING ({OWN_OR_PLATFORM})",
            "DROP POLICY own ON desk_batch;"
            "ALTER TABLE desk_batch DISABLE ROW LEVEL SECURITY",
        ),
    ]
