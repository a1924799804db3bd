"""The statements of reading the tree as of any day."""

# ruff: noqa: S608  the statements are put together from the constants of this file only

from __future__ import annotations

VALID = "{0}.starts <= %(on)s AND ({0}.ends IS NULL OR {0}.ends > %(on)s)"

# A grid shows its own number, everything else the code of the system asked for.
FACTS = f"""
    JOIN access_unit unit ON unit.id = tree.unit_id
    LEFT JOIN divisions_unitname named ON named.unit_id = unit.id AND {VALID.format("named")}
    LEFT JOIN divisions_unitcode coded ON coded.unit_id = unit.id AND {VALID.format("coded")}
        AND coded.system = CASE WHEN unit.level = 6 THEN 'local' ELSE %(system)s END
"""
COLUMNS = """
    unit.id, tree.parent_id, unit.level, unit.kind, coalesce(named.name, unit.name) AS name,
    coalesce(coded.code, '') AS code, unit.key, unit.closed
"""
TREE = f"""
WITH RECURSIVE tree AS (
    SELECT placed.unit_id, placed.parent_id FROM divisions_placement placed
    WHERE {{top}} AND {VALID.format("placed")}
    UNION ALL
    SELECT placed.unit_id, placed.parent_id FROM divisions_placement placed
        JOIN tree ON placed.parent_id = tree.unit_id WHERE {VALID.format("placed")}
)
SELECT {COLUMNS} FROM tree {FACTS}
"""
CHILDREN = f"""
WITH tree AS (
    SELECT placed.unit_id, placed.parent_id FROM divisions_placement placed
    WHERE placed.parent_id IS NOT DISTINCT FROM %(parent)s AND {VALID.format("placed")}
)
SELECT {COLUMNS} FROM tree {FACTS} ORDER BY coalesce(coded.code, unit.key), unit.key
"""
PATH = f"""
WITH RECURSIVE tree AS (
    SELECT placed.unit_id, placed.parent_id, 0 AS height FROM divisions_placement placed
    WHERE placed.unit_id = %(unit)s AND {VALID.format("placed")}
    UNION ALL
    SELECT placed.unit_id, placed.parent_id, tree.height + 1 FROM divisions_placement placed
        JOIN tree ON placed.unit_id = tree.parent_id WHERE {VALID.format("placed")}
)
SELECT {COLUMNS} FROM tree {FACTS} ORDER BY tree.height DESC
"""
ROLL_UP = f"""
WITH RECURSIVE tree AS (
    SELECT placed.unit_id, placed.unit_id AS child FROM divisions_placement placed
    WHERE placed.parent_id IS NOT DISTINCT FROM %(parent)s AND {VALID.format("placed")}
    UNION ALL
    SELECT placed.unit_id, tree.child FROM divisions_placement placed
        JOIN tree ON placed.parent_id = tree.unit_id WHERE {VALID.format("placed")}
)
SELECT tree.child, unit.level, unit.kind, count(*)
FROM tree JOIN access_unit unit ON unit.id = tree.unit_id
WHERE tree.unit_id <> tree.child GROUP BY 1, 2, 3
"""
# Today the keys say it without climbing: the segment under the parent is the child.
ROLL_UP_TODAY = """
SELECT child.id, below.level, below.kind, below.count FROM (
    SELECT split_part(substr(unit.key, %(start)s), '/', 1) AS segment, unit.level, unit.kind,
        count(*) AS count
    FROM access_unit unit
    WHERE unit.key > %(lo)s AND unit.key < %(hi)s AND unit.closed IS NULL
    GROUP BY 1, 2, 3
) below JOIN access_unit child ON child.key = %(lo)s || below.segment || '/'
WHERE below.level > child.level
"""
# What fits best comes first: the name itself, its beginning, then anything that holds the words.
# Each limb is cut off on its own, so that a frequent word costs no more than a rare one.
SEARCH_NAME = """
SELECT id FROM (
    (SELECT id, 0 AS worth FROM access_unit WHERE name COLLATE "C" = %(text)s
        AND key >= %(lo)s AND key < %(hi)s AND closed IS NULL LIMIT %(most)s)
    UNION ALL
    (SELECT id, 1 FROM access_unit WHERE name COLLATE "C" > %(text)s
        AND name COLLATE "C" < %(text)s || U&'\\+10FFFF'
        AND key >= %(lo)s AND key < %(hi)s AND closed IS NULL LIMIT %(most)s)
    {inside}
) found GROUP BY id ORDER BY min(worth) LIMIT %(most)s
"""
INSIDE = """UNION ALL
    (SELECT id, 2 FROM access_unit WHERE divisions_pairs(name) @> divisions_pairs(%(text)s)
        AND name LIKE %(like)s AND key >= %(lo)s AND key < %(hi)s AND closed IS NULL
        LIMIT %(most)s)"""
SEARCH_PINYIN = """
SELECT id FROM (
    (SELECT id, 0 AS worth FROM access_unit
        WHERE divisions_pinyin(name_key) COLLATE "C" >= %(text)s
        AND divisions_pinyin(name_key) COLLATE "C" < %(text)s || '~'
        AND key >= %(lo)s AND key < %(hi)s AND closed IS NULL LIMIT %(most)s)
    UNION ALL
    (SELECT id, 1 FROM access_unit
        WHERE divisions_initials(name_key) COLLATE "C" >= %(text)s
        AND divisions_initials(name_key) COLLATE "C" < %(text)s || '~'
        AND key >= %(lo)s AND key < %(hi)s AND closed IS NULL LIMIT %(most)s)
) found GROUP BY id ORDER BY min(worth) LIMIT %(most)s
"""
# The same digits may stand in two systems: all of them are found, the statistics bureau's first.
SEARCH_CODE = """
SELECT id FROM (
    (SELECT unit_id AS id, 0 AS worth, system FROM divisions_unitcode
        WHERE system IN ('nbs', 'mca', 'local') AND code = %(text)s AND ends IS NULL)
    UNION ALL
    (SELECT unit_id, 1, system FROM divisions_unitcode
        WHERE system IN ('nbs', 'local') AND code > %(text)s AND code < %(text)s || '~'
        AND ends IS NULL ORDER BY system DESC, code LIMIT %(most)s)
) found JOIN access_unit unit USING (id)
WHERE unit.key >= %(lo)s AND unit.key < %(hi)s AND unit.closed IS NULL
ORDER BY worth, system DESC, unit.key LIMIT %(most)s
"""
