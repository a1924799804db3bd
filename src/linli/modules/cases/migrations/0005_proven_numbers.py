"""Numbers proven by a code, and kinds that ask for one."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0005_tallies'),
        ('cases', '0004_alter_reporter_name'),
    ]

    operations = [
        migrations.AddField(
            model_name='category',
            name='needs_proven_phone',
            field=models.BooleanField(default=False, verbose_name='proven number needed'),
        ),
        migrations.AddField(
            model_name='reporter',
            name='phone_proven_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='reporter',
            index=models.Index(condition=models.Q(('phone', ''), _negated=True), fields=['phone', '-since'], name='reporter_by_phone'),
        ),
        migrations.AddConstraint(
            model_name='category',
            constraint=models.CheckConstraint(condition=models.Q(('needs_proven_phone', False), ('anonymous_allowed', False), _connector='OR'), name='nobody_proves_a_number_without_a_name'),
        ),
        migrations.AddConstraint(
            model_name='reporter',
            constraint=models.CheckConstraint(condition=models.Q(('phone_proven_at__isnull', True), models.Q(('phone', ''), _negated=True), _connector='OR'), name='proven_reporter_has_a_phone'),
        ),
    ]
