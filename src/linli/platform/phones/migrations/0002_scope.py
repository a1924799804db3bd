"""Numbers being proven are the system's alone."""

from django.db import migrations

# The system acts over every key; no post reaches that far.
SYSTEM = (
    "((SELECT current_setting('linli.lo', true)) = ''"
    " AND (SELECT current_setting('linli.hi', true)) = '~')"
)
CLOSE = f"""
ALTER TABLE phones_phoneproof ENABLE ROW LEVEL SECURITY;
CREATE POLICY system_only ON phones_phoneproof USING {SYSTEM};
"""
UNDO = """
DROP POLICY system_only ON phones_phoneproof;
ALTER TABLE phones_phoneproof DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("phones", "0001_initial")]

    operations = [migrations.RunSQL(CLOSE, UNDO)]
