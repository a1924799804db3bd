"""Tables of the tree's history, of outlines, estimates and norms."""

import django.db.models.deletion
import linli.kernel.ids
import linli.platform.access.scoped
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0002_scope'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MapVersion',
            fields=[
                ('id', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('number', models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Norm',
            fields=[
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('id', models.UUIDField(default=linli.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('starts', models.DateField(verbose_name='from')),
                ('ends', models.DateField(null=True, verbose_name='until')),
                ('slug', models.CharField(max_length=60)),
                ('value', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='value')),
                ('measure', models.CharField(max_length=40, verbose_name='unit')),
                ('strength', models.CharField(max_length=20, verbose_name='strength')),
                ('rule', models.CharField(blank=True, max_length=40)),
                ('source', models.CharField(max_length=200, verbose_name='source')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('slug', 'starts'), name='one_new_norm_a_day'), models.UniqueConstraint(condition=models.Q(('ends__isnull', True)), fields=('slug',), name='one_norm_at_a_time'), models.CheckConstraint(condition=models.Q(('ends__isnull', True), ('ends__gt', models.F('starts')), _connector='OR'), name='norm_ends_after_it_starts')],
            },
        ),
        migrations.CreateModel(
            name='PastOutline',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('shape', models.JSONField()),
                ('area_m2', models.FloatField()),
                ('starts', models.DateField()),
                ('ends', models.DateField()),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
            ],
        ),
        migrations.CreateModel(
            name='Estimate',
            fields=[
                ('unit_key', linli.platform.access.scoped.UnitKeyField(db_collation='C', editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('id', models.UUIDField(default=linli.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('households', models.PositiveIntegerField(verbose_name='households')),
                ('buildings', models.PositiveIntegerField(blank=True, null=True, verbose_name='buildings')),
                ('counted', models.DateField(verbose_name='counted on')),
                ('source', models.CharField(blank=True, max_length=120, verbose_name='source')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
            ],
            options={
                'verbose_name': 'number of households',
                'verbose_name_plural': 'numbers of households',
                'indexes': [models.Index(fields=['unit_key'], name='divisions_e_unit_ke_9b8233_idx')],
                'constraints': [models.UniqueConstraint(fields=('unit',), name='one_estimate_a_unit')],
            },
        ),
        migrations.CreateModel(
            name='Outline',
            fields=[
                ('unit_key', linli.platform.access.scoped.UnitKeyField(db_collation='C', editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('id', models.UUIDField(default=linli.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('shape', models.JSONField()),
                ('west', models.FloatField()),
                ('south', models.FloatField()),
                ('east', models.FloatField()),
                ('north', models.FloatField()),
                ('area_m2', models.FloatField(verbose_name='area')),
                ('since', models.DateField(verbose_name='since')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
            ],
            options={
                'verbose_name': 'boundary',
                'verbose_name_plural': 'boundaries',
                'indexes': [models.Index(fields=['unit_key'], name='divisions_o_unit_ke_b511dd_idx')],
                'constraints': [models.UniqueConstraint(fields=('unit',), name='one_outline_a_unit'), models.CheckConstraint(condition=models.Q(('west__lte', models.F('east')), ('south__lte', models.F('north'))), name='outline_box_is_a_box')],
            },
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('starts', models.DateField(verbose_name='from')),
                ('ends', models.DateField(null=True, verbose_name='until')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='access.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('unit', 'starts'), name='one_new_parent_a_day'), models.UniqueConstraint(condition=models.Q(('ends__isnull', True)), fields=('unit',), name='one_parent_at_a_time'), models.CheckConstraint(condition=models.Q(('ends__isnull', True), ('ends__gt', models.F('starts')), _connector='OR'), name='placement_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(('parent__isnull', True), models.Q(('parent', models.F('unit')), _negated=True), _connector='OR'), name='nothing_stands_under_itself')],
            },
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('unit_key', linli.platform.access.scoped.UnitKeyField(db_collation='C', editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('id', models.UUIDField(default=linli.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('verb', models.CharField(max_length=60)),
                ('arguments', models.JSONField(default=dict)),
                ('on', models.DateField(verbose_name='on')),
                ('state', models.CharField(choices=[('planned', 'planned'), ('done', 'carried out'), ('failed', 'could not be carried out'), ('withdrawn', 'withdrawn')], max_length=10, verbose_name='state')),
                ('asked_by', models.CharField(max_length=120)),
                ('asked_at', models.DateTimeField()),
                ('outcome', models.CharField(blank=True, max_length=300, verbose_name='outcome')),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.unit')),
            ],
            options={
                'verbose_name': 'planned change',
                'verbose_name_plural': 'planned changes',
                'indexes': [models.Index(condition=models.Q(('state', 'planned')), fields=['on'], name='plans_to_carry_out'), models.Index(fields=['unit_key'], name='divisions_p_unit_ke_976e4a_idx')],
            },
        ),
        migrations.CreateModel(
            name='Successor',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('merged', 'merged into'), ('split', 'split into'), ('closed', 'abolished, its matters went to')], max_length=10)),
                ('on', models.DateField()),
                ('heir', models.BooleanField(default=True)),
                ('after', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='access.unit')),
                ('before', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='successors', to='access.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('before', 'after'), name='succeeds_once'), models.UniqueConstraint(condition=models.Q(('heir', True)), fields=('before',), name='one_heir_a_unit'), models.CheckConstraint(condition=models.Q(('before', models.F('after')), _negated=True), name='nothing_succeeds_itself')],
            },
        ),
        migrations.CreateModel(
            name='UnitCode',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('starts', models.DateField(verbose_name='from')),
                ('ends', models.DateField(null=True, verbose_name='until')),
                ('system', models.CharField(choices=[('nbs', 'statistics bureau'), ('mca', 'civil affairs'), ('local', 'local')], max_length=5)),
                ('code', models.CharField(max_length=15)),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='codes', to='access.unit')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ends__isnull', False)), fields=['system', 'code'], name='former_code')],
                'constraints': [models.UniqueConstraint(fields=('unit', 'system', 'starts'), name='one_new_code_a_day'), models.UniqueConstraint(condition=models.Q(('ends__isnull', True)), fields=('system', 'code'), name='one_unit_a_code'), models.CheckConstraint(condition=models.Q(('ends__isnull', True), ('ends__gt', models.F('starts')), _connector='OR'), name='code_ends_after_it_starts')],
            },
        ),
        migrations.CreateModel(
            name='UnitName',
            fields=[
                ('id', models.UUIDField(default=linli.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('starts', models.DateField(verbose_name='from')),
                ('ends', models.DateField(null=True, verbose_name='until')),
                ('name', models.CharField(max_length=100)),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='names', to='access.unit')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('ends__isnull', False)), fields=['name'], name='former_name')],
                'constraints': [models.UniqueConstraint(fields=('unit', 'starts'), name='one_new_name_a_day'), models.UniqueConstraint(condition=models.Q(('ends__isnull', True)), fields=('unit',), name='one_name_at_a_time'), models.CheckConstraint(condition=models.Q(('ends__isnull', True), ('ends__gt', models.F('starts')), _connector='OR'), name='name_ends_after_it_starts')],
            },
        ),
    ]
