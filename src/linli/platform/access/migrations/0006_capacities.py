"""In which capacities an account may act, asked of the database in one question.

It runs as the owner of the tables, because the scope of an account cannot be known before this has
been read; it tells of one account only.
"""

from django.db import migrations

CAPACITIES = """
CREATE FUNCTION access_capacities(who uuid, at_day date)
RETURNS TABLE (
    post_id uuid, post_title text, unit_id uuid, unit_name text, unit_key text, level int,
    verbs text[], reach text, needs_second_factor boolean
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH held AS (
        SELECT post.id, post.title, post.unit_id, post.role_id
        FROM access_holding holding JOIN access_post post ON post.id = holding.post_id
        WHERE holding.account_id = who
          AND holding.starts <= at_day AND (holding.ends IS NULL OR holding.ends > at_day)
          AND post.opened <= at_day AND (post.closed IS NULL OR post.closed > at_day)
    ), given AS (
        SELECT id, title, unit_id, role_id, 0 AS turn FROM held
        UNION ALL
        SELECT held.id, held.title, lent.unit_id, lent.role_id, 1
        FROM held JOIN access_grant lent ON lent.post_id = held.id
        WHERE lent.starts <= at_day AND (lent.ends IS NULL OR lent.ends > at_day)
    )
    SELECT given.id, given.title::text, unit.id, unit.name::text, unit.key, unit.level::int,
           role.verbs::text[], role.reach::text, role.needs_second_factor
    FROM given JOIN access_unit unit ON unit.id = given.unit_id
               JOIN access_role role ON role.id = given.role_id
    ORDER BY given.turn
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0005_tallies")]

    operations = [
        migrations.RunSQL(CAPACITIES, "DROP FUNCTION access_capacities(uuid, date);"),
    ]
