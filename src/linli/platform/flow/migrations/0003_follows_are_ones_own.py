"""Who follows what is known to that person, and to the platform that tells them."""

from django.db import migrations

from linli.platform.access.scoped import setting, uuid_setting

OWN = f"""
ALTER TABLE flow_follow ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON flow_follow USING (
    account_id = {uuid_setting("account")} OR {setting("hi")} = '~'
);
"""


class Migration(migrations.Migration):
    dependencies = [("flow", "0002_calendar"), ("access", "0002_scope")]

    operations = [
        migrations.RunSQL(
            OWN,
            "DROP POLICY own ON flow_follow; ALTER TABLE flow_follow DISABLE ROW LEVEL SECURITY",
        ),
    ]
