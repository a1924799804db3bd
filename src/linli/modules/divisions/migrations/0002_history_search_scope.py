"""Periods never overlap; names are found by two characters, pinyin or initials; plans are scoped."""

from django.db import migrations

from linli.modules.divisions.seeds import seed
from linli.platform.access.scoped import EnableScope

# One statement-level check for every dated table: cheap for one row and for half a million.
# Two writers cannot slip past each other: each holds the unit's row, and the unique index on open
# periods stands behind.
PERIODS = {
    "divisions_unitname": ("unit_id",),
    "divisions_unitcode": ("unit_id", "system"),
    "divisions_placement": ("unit_id",),
    "divisions_norm": ("slug",),
}


def _overlap(table: str, columns: tuple[str, ...]) -> str:
    same = " AND ".join(f"held.{column} = fresh.{column}" for column in columns)
    return f"""
CREATE FUNCTION {table}_refuse_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM fresh JOIN {table} held ON {same} AND held.id <> fresh.id
        WHERE daterange(held.starts, held.ends) && daterange(fresh.starts, fresh.ends)
    ) THEN
        RAISE EXCEPTION 'periods in {table} overlap' USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER refuse_overlap_of_new AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT
    EXECUTE FUNCTION {table}_refuse_overlap();
CREATE TRIGGER refuse_overlap_of_moved AFTER UPDATE ON {table}
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT
    EXECUTE FUNCTION {table}_refuse_overlap();
"""


def _allow(table: str) -> str:
    return f"""
DROP TRIGGER refuse_overlap_of_new ON {table};
DROP TRIGGER refuse_overlap_of_moved ON {table};
DROP FUNCTION {table}_refuse_overlap();
"""


SEARCH = """
CREATE FUNCTION divisions_pairs(name text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    pairs text[] := '{}';
BEGIN
    FOR place IN 1 .. length(name) - 1 LOOP
        pairs := pairs || substr(name, place, 2);
    END LOOP;
    RETURN pairs;
END $$;
CREATE FUNCTION divisions_pinyin(name_key text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN replace(split_part(name_key, ' !', 1), ' ', '');
CREATE FUNCTION divisions_initials(name_key text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(split_part(name_key, ' !', 1), '([a-z])[a-z]* ?', '\\1', 'g');
CREATE INDEX divisions_unit_pairs ON access_unit USING gin (divisions_pairs(name));
CREATE INDEX divisions_unit_name ON access_unit ((name COLLATE "C"));
CREATE INDEX divisions_unit_pinyin ON access_unit ((divisions_pinyin(name_key) COLLATE "C"));
CREATE INDEX divisions_unit_initials ON access_unit ((divisions_initials(name_key) COLLATE "C"));
"""

NO_SEARCH = """
DROP INDEX divisions_unit_pairs, divisions_unit_name, divisions_unit_pinyin,
    divisions_unit_initials;
DROP FUNCTION divisions_pairs(text), divisions_pinyin(text), divisions_initials(text);
"""


class Migration(migrations.Migration):
    dependencies = [("divisions", "0001_initial"), ("access", "0002_scope")]

    operations = [
        *(
            migrations.RunSQL(_overlap(table, columns), _allow(table))
            for table, columns in PERIODS.items()
        ),
        migrations.RunSQL(SEARCH, NO_SEARCH),
        EnableScope("divisions_plan"),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
