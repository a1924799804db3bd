"""The statements of a load, in order."""

from __future__ import annotations

STAGE = """
DROP TABLE IF EXISTS linli_load, linli_level, linli_reading;
CREATE TEMP TABLE linli_load (
    id uuid NOT NULL, file text, line int, level int2, code text, parent text, segment text,
    name text, name_key text, kind text, unit_id uuid
) ON COMMIT DROP
"""
COPY = (
    "COPY linli_load (id, file, line, level, code, parent, segment, name, name_key, kind)"
    " FROM STDIN (FORMAT BINARY)"
)
COPY_TYPES = ["uuid", "text", "int4", "int2", "text", "text", "text", "text", "text", "text"]
ANY_CODE = "SELECT 1 FROM divisions_unitcode WHERE system = %s LIMIT 1"

TWICE = """
SELECT code, file, line, first FROM (
    SELECT code, file, line, level,
        row_number() OVER same AS place, first_value(line) OVER same AS first
    FROM linli_load WHERE code IN (SELECT code FROM linli_load GROUP BY code HAVING count(*) > 1)
    WINDOW same AS (PARTITION BY code ORDER BY level, line)
) AS seen WHERE place > 1 ORDER BY level, line LIMIT 200
"""
ORPHANS = """
SELECT child.code, child.file, child.line, child.parent FROM linli_load child
WHERE child.level > %(top)s
    AND NOT EXISTS (
        SELECT 1 FROM linli_load held WHERE held.code = child.parent AND held.level < child.level)
    AND NOT EXISTS (
        SELECT 1 FROM divisions_unitcode held WHERE held.system = %(system)s
            AND held.code = child.parent AND held.ends IS NULL)
ORDER BY child.level, child.line LIMIT 200
"""
MATCH = """
UPDATE linli_load SET unit_id = held.unit_id FROM divisions_unitcode held
WHERE held.system = %(system)s AND held.code = linli_load.code AND held.ends IS NULL
"""
DIFFERENCES = """
WITH differing AS (
    SELECT unit.id, load.code, 'name' AS what, unit.name AS here, load.name AS there
    FROM linli_load load JOIN access_unit unit ON unit.id = load.unit_id
    WHERE unit.name <> load.name
    UNION ALL
    SELECT unit.id, load.code, 'parent', coalesce(above.name, ''), load.parent
    FROM linli_load load JOIN access_unit unit ON unit.id = load.unit_id
        LEFT JOIN access_unit above ON above.id = unit.parent_id
        LEFT JOIN divisions_unitcode held ON held.unit_id = above.id
            AND held.system = %(system)s AND held.ends IS NULL
    WHERE load.parent <> '' AND held.code IS DISTINCT FROM load.parent
)
SELECT *, count(*) OVER () FROM differing ORDER BY code, what LIMIT %(most)s
"""
NEW_NAMES = "SELECT DISTINCT name FROM linli_load WHERE unit_id IS NULL"
STAGE_READINGS = "CREATE TEMP TABLE linli_reading (name text, name_key text) ON COMMIT DROP"
TAKE_READINGS = """
UPDATE linli_load SET name_key = said.name_key FROM linli_reading said
WHERE said.name = linli_load.name AND linli_load.unit_id IS NULL
"""

FORGET_LEVEL = "DROP TABLE IF EXISTS linli_level"
# Parents were stored one level up before, or stand in the tree already.
PLACE = """
CREATE TEMP TABLE linli_level ON COMMIT DROP AS
SELECT load.id, load.level, load.code, load.name, load.name_key, load.kind,
    above.id AS parent_id, coalesce(above.key, '') || load.segment AS path
FROM linli_load load
    LEFT JOIN divisions_unitcode held ON held.system = %(system)s AND held.code = load.parent
        AND held.ends IS NULL AND load.parent <> ''
    LEFT JOIN access_unit above ON above.id = held.unit_id
WHERE load.level = %(level)s AND load.unit_id IS NULL
ORDER BY load.code
"""
# A segment that is taken, by a closed unit or by a namesake from elsewhere, gets a number behind.
SETTLE_TWINS = """
WITH twins AS (
    SELECT path FROM linli_level GROUP BY path HAVING count(*) > 1
    UNION
    SELECT fresh.path FROM linli_level fresh JOIN access_unit unit ON unit.key = fresh.path || '/'
), numbered AS (
    SELECT fresh.id, fresh.path, row_number() OVER (PARTITION BY fresh.path ORDER BY fresh.code)
        + (SELECT count(*) FROM access_unit unit WHERE unit.key = fresh.path || '/'
            OR unit.key ~ ('^' || fresh.path || '-[0-9]+/$')) AS place
    FROM linli_level fresh JOIN twins USING (path)
)
UPDATE linli_level SET path = numbered.path || '-' || numbered.place FROM numbered
WHERE numbered.id = linli_level.id AND numbered.place > 1
"""
INSERT_UNITS = """
INSERT INTO access_unit
    (id, version, parent_id, level, kind, name, name_key, key, opened)
SELECT id, 1, parent_id, level, kind, name, name_key, path || '/', %(since)s FROM linli_level
"""
# The first period of a unit bears the unit's own id: unique in its table, and already made.
INSERT_CODES = """
INSERT INTO divisions_unitcode (id, unit_id, system, code, starts)
SELECT id, id, %(system)s, code, %(since)s FROM linli_level
"""
INSERT_NAMES = """
INSERT INTO divisions_unitname (id, unit_id, name, starts)
SELECT id, id, name, %(since)s FROM linli_load WHERE unit_id IS NULL
"""
INSERT_PLACEMENTS = """
INSERT INTO divisions_placement (id, unit_id, parent_id, starts)
SELECT load.id, load.id, unit.parent_id, %(since)s
FROM linli_load load JOIN access_unit unit ON unit.id = load.id WHERE load.unit_id IS NULL
"""
GROWN_TOPS = """
SELECT split_part(unit.key, '/', 1) || '/' AS top, unit.level, count(*)
FROM linli_load load JOIN access_unit unit ON unit.id = load.id
WHERE load.unit_id IS NULL GROUP BY 1, 2
"""
