"""One holding of a post by a person at a time, and the first rule for signing in."""

from datetime import date

from django.db import migrations

# A range over uuids lets a plain GiST index, without an extension, compare "the same person" and
# "days that overlap" in one exclusion.
NO_OVERLAP = """
CREATE TYPE access_uuidrange AS RANGE (subtype = uuid);
ALTER TABLE access_holding ADD CONSTRAINT holding_once_at_a_time EXCLUDE USING gist (
    access_uuidrange(post_id, post_id, '[]') WITH &&,
    access_uuidrange(account_id, account_id, '[]') WITH &&,
    daterange(starts, ends) WITH &&
);
"""


def first_rule(apps, schema_editor):
    """The defaults: our own, stricter than the eight characters common in local requirements."""
    apps.get_model("access", "SignInRule").objects.create(
        starts=date(2020, 1, 1),
        password_length=10,
        failures=5,
        lock_minutes=15,
        session_hours=12,
        source="GB/T 22239-2019 8.1.4.1; NIST SP 800-63B 5.1.1.2",
    )


class Migration(migrations.Migration):
    dependencies = [("access", "0003_accounts_and_rules")]

    operations = [
        migrations.RunSQL(
            NO_OVERLAP,
            "ALTER TABLE access_holding DROP CONSTRAINT holding_once_at_a_time;"
            "DROP TYPE access_uuidrange;",
        ),
        migrations.RunPython(first_rule, migrations.RunPython.noop),
    ]
