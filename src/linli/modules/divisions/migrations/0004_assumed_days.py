"""Days of moves that no source names are marked, with what they rest on."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('divisions', '0003_alter_outline_area_m2'),
    ]

    operations = [
        migrations.AddField(
            model_name='placement',
            name='basis',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
        migrations.AddField(
            model_name='placement',
            name='day_assumed',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=models.CheckConstraint(condition=models.Q(('day_assumed', False), models.Q(('basis', ''), _negated=True), _connector='OR'), name='assumed_day_has_a_basis'),
        ),
    ]
