"""Tallies of what an address sends, in a table that is not logged: it is written at every report."""

from django.db import migrations

TALLY = """
CREATE UNLOGGED TABLE access_tally (
    key text COLLATE "C" PRIMARY KEY,
    count integer NOT NULL,
    ends timestamptz NOT NULL
);
CREATE INDEX tally_by_end ON access_tally (ends);
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0004_guards")]

    operations = [migrations.RunSQL(TALLY, "DROP TABLE access_tally")]
