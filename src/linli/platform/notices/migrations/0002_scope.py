"""A notice is for its reader only; anybody's act may write one; e-mails are the system's."""

from django.db import migrations

from linli.platform.access.scoped import uuid_setting

# The system acts over every key; no post reaches that far.
SYSTEM = (
    "((SELECT current_setting('linli.lo', true)) = ''"
    " AND (SELECT current_setting('linli.hi', true)) = '~')"
)
OWN = f"(account_id = {uuid_setting('account')} OR {SYSTEM})"

NOTICE = f"""
ALTER TABLE notices_notice ENABLE ROW LEVEL SECURITY;
CREATE POLICY telling ON notices_notice FOR INSERT WITH CHECK (true);
CREATE POLICY sight ON notices_notice FOR SELECT USING {OWN};
CREATE POLICY reading ON notices_notice FOR UPDATE USING {OWN};
CREATE POLICY forgetting ON notices_notice FOR DELETE USING {SYSTEM};
"""
DELIVERY = f"""
ALTER TABLE notices_delivery ENABLE ROW LEVEL SECURITY;
CREATE POLICY telling ON notices_delivery FOR INSERT WITH CHECK (true);
CREATE POLICY system_only ON notices_delivery USING {SYSTEM};
"""
CHOICES = "".join(
    f"""
ALTER TABLE notices_{table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON notices_{table} USING {OWN};
"""
    for table in ("preference", "maillanguage")
)
UNDO = """
DROP POLICY telling ON notices_notice; DROP POLICY sight ON notices_notice;
DROP POLICY reading ON notices_notice; DROP POLICY forgetting ON notices_notice;
DROP POLICY telling ON notices_delivery; DROP POLICY system_only ON notices_delivery;
DROP POLICY own ON notices_preference; DROP POLICY own ON notices_maillanguage;
ALTER TABLE notices_notice DISABLE ROW LEVEL SECURITY;
ALTER TABLE notices_delivery DISABLE ROW LEVEL SECURITY;
ALTER TABLE notices_preference DISABLE ROW LEVEL SECURITY;
ALTER TABLE notices_maillanguage DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [migrations.RunSQL(NOTICE + DELIVERY + CHOICES, UNDO)]
