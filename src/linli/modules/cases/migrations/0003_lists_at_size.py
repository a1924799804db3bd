"""What lists of a branch or a post are read by when there are a million cases."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from linli.modules.cases.models import Case
from linli.platform.access.scoped import EnableScope


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0005_tallies'),
        ('cases', '0002_scope_and_seeds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='case',
            name='case_by_handler',
        ),
        migrations.AlterField(
            model_name='case',
            name='category',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.category'),
        ),
        migrations.AlterField(
            model_name='case',
            name='handler',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.post', verbose_name='handler'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['handler', '-reported_at'], name='case_by_handler'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['category', '-reported_at'], name='case_by_category'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state__in', ['reported', 'accepted', 'filed', 'dispatched', 'handling', 'suspended', 'finished'])), fields=['unit_key', 'state'], name='open_case_by_unit'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['unit_key', 'due_at'], name='running_case_by_unit'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['handler', 'due_at'], name='running_case_by_handler'),
        ),
        migrations.AddIndex(
            model_name='help',
            index=models.Index(fields=['post', '-asked_at'], name='help_by_post'),
        ),
        # The settings are now read once a statement, not once a row.
        EnableScope('cases_case', also=Case.scope_also),
    ]
