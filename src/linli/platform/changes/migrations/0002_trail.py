"""Entries are numbered by the database, cannot be rewritten, and are seen by scope."""

from django.db import migrations

from linli.platform.access.scoped import IN_BRANCH, uuid_setting
from linli.platform.changes.appendonly import AppendOnly

# The shared lock is held until the writer's transaction ends. Whoever gets it exclusively knows
# that every number given so far is committed or lost, see seals.py.
NUMBERING = """
CREATE SEQUENCE changes_entry_number AS bigint OWNED BY changes_entry.seq;
CREATE FUNCTION changes_number_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(5301846110);
    NEW.seq := nextval('changes_entry_number');
    RETURN NEW;
END $$;
CREATE TRIGGER number_entry BEFORE INSERT ON changes_entry
    FOR EACH ROW EXECUTE FUNCTION changes_number_entry();
"""

POLICIES = f"""
ALTER TABLE changes_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY sight ON changes_entry FOR SELECT USING (
    {IN_BRANCH.format(column="unit_key")}
    OR subject_id = {uuid_setting("subject")}
    OR account_id = {uuid_setting("account")}
);
CREATE POLICY truthful ON changes_entry FOR INSERT WITH CHECK (
    account_id IS NOT DISTINCT FROM {uuid_setting("account")}
);
CREATE POLICY forgetting ON changes_entry FOR UPDATE USING (
    {IN_BRANCH.format(column="unit_key")}
);
"""


class Migration(migrations.Migration):
    dependencies = [("changes", "0001_initial"), ("access", "0001_initial")]

    operations = [
        migrations.RunSQL(
            NUMBERING,
            "DROP TRIGGER number_entry ON changes_entry; DROP FUNCTION changes_number_entry();"
            "DROP SEQUENCE changes_entry_number;",
        ),
        migrations.RunSQL(
            POLICIES,
            "DROP POLICY sight ON changes_entry; DROP POLICY truthful ON changes_entry;"
            "DROP POLICY forgetting ON changes_entry;"
            "ALTER TABLE changes_entry DISABLE ROW LEVEL SECURITY",
        ),
        AppendOnly("changes_entry", forgets=("moved", "facts")),
        AppendOnly("changes_seal"),
    ]
