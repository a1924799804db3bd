"""Cases are seen by scope; numbers come from a sequence; categories and limits as shipped."""

from django.db import migrations

from linli.modules.cases.models import Case, Help, Reporter
from linli.modules.cases.seeds import seed
from linli.platform.access.scoped import EnableScope


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("access", "0002_scope")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE cases_number", "DROP SEQUENCE cases_number"),
        EnableScope("cases_case", also=Case.scope_also),
        EnableScope("cases_reporter", also=Reporter.scope_also),
        EnableScope("cases_help", also=Help.scope_also),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
