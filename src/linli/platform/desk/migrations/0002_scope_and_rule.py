"""Saved views are one's own, exports are seen from the branch; the first export rule."""

from datetime import date

from django.db import migrations

from linli.kernel.ids import new_id
from linli.platform.access.scoped import EnableScope
from linli.platform.desk.models import OWN, Export


def first_rule(apps, schema_editor):
    apps.get_model("desk", "ExportRule").objects.create(
        id=new_id(),
        starts=date(2000, 1, 1),
        most_rows=20_000,
        source="Default of the installation; the office may set another from a day on.",
    )


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial"), ("access", "0001_initial")]

    operations = [
        EnableScope("desk_export", also=Export.scope_also),
        migrations.RunSQL(
            "ALTER TABLE desk_savedview ENABLE ROW LEVEL SECURITY;"
            f"CREATE POLICY own ON desk_savedview USING ({OWN})",
            "DROP POLICY own ON desk_savedview;"
            "ALTER TABLE desk_savedview DISABLE ROW LEVEL SECURITY",
        ),
        migrations.RunPython(first_rule, migrations.RunPython.noop),
    ]
