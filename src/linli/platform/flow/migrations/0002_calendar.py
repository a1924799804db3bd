"""The published calendars and office hours as shipped."""

from django.db import migrations

from linli.platform.flow.calendar_seed import seed


class Migration(migrations.Migration):
    dependencies = [("flow", "0001_initial")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
