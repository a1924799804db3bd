from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0007_cache'),
    ]

    operations = [
        migrations.AlterField(
            model_name='unit',
            name='closed',
            field=models.DateField(blank=True, null=True, verbose_name='abolished on'),
        ),
        migrations.AlterField(
            model_name='unit',
            name='level',
            field=models.PositiveSmallIntegerField(choices=[(0, 'Country'), (1, 'Province'), (2, 'City'), (3, 'District or county'), (4, 'Street or town'), (5, 'Community or village'), (6, 'Grid')], verbose_name='level'),
        ),
        migrations.AlterField(
            model_name='unit',
            name='name',
            field=models.CharField(max_length=100, verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='unit',
            name='opened',
            field=models.DateField(verbose_name='on record from'),
        ),
    ]
