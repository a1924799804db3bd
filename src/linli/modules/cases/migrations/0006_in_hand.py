"""How much a post has in hand is counted by an index of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0005_proven_numbers'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('state__in', ['dispatched', 'handling', 'suspended'])), fields=['handler'], name='held_case_by_handler'),
        ),
    ]
