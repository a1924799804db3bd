"""Where the web processes remember together what sign-in must not forget: codes used, attempts."""

from django.db import migrations

TABLE = """
CREATE UNLOGGED TABLE access_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX access_cache_expires ON access_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0006_capacities")]

    operations = [migrations.RunSQL(TABLE, "DROP TABLE access_cache;")]
