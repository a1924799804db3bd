"""Filling a city with any number of cases in bulk, as its owner, with everything they carry."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import psycopg

from linli.modules.cases.numbering import number_of

YEARS = 3
OPEN_SHARE = 0.03

TABLES = ("cases_case", "cases_reporter", "cases_help", "changes_entry")

# What Python decides of each case; the rest follows from grid and category.
STAGE = """
CREATE TEMP TABLE staged (
    n bigint, number text, reported_at timestamptz, place int, kind int, state text,
    east float, north float, dice float
)
"""
LOOKUPS = """
CREATE TEMP TABLE places AS
    SELECT row_number() OVER (ORDER BY u.key) - 1 AS place, u.id, u.key, u.parent_id, u.name,
        o.west, o.south, o.east - o.west AS wide, o.north - o.south AS high,
        (SELECT p.id FROM access_post p JOIN access_role r ON r.id = p.role_id
            WHERE p.unit_id = u.id AND r.slug = 'grid-worker' LIMIT 1) AS walker,
        (SELECT p.id FROM access_post p JOIN access_role r ON r.id = p.role_id
            WHERE p.unit_id = u.parent_id AND r.slug = 'community-worker' LIMIT 1) AS clerk,
        (SELECT p.id FROM access_post p JOIN access_role r ON r.id = p.role_id
            JOIN access_unit c ON c.id = u.parent_id
            WHERE p.unit_id = c.parent_id AND r.slug = 'street-urban-management' LIMIT 1) AS street
    FROM access_unit u JOIN divisions_outline o ON o.unit_id = u.id WHERE u.level = 6;
CREATE TEMP TABLE kinds AS
    SELECT row_number() OVER (ORDER BY code) - 1 AS kind, id, grade, handler_role
    FROM cases_category;
ANALYZE staged; ANALYZE places; ANALYZE kinds
"""
CASES = """
INSERT INTO cases_case (
    id, unit_id, unit_key, version, number, state, category_id, grade, text, place, lng, lat, cell,
    answers, channel, handler_id, engaged, result, extension_asked, reworks, rating, rating_words,
    due_at, due_provisional, alarm_at, alarm_step, raised_to, reported_at, filed_at, dispatched_at,
    handle_due_at, finished_at, closed_at
)
SELECT uuidv7(reported_at - now()), id, key, 6, number, state, category, grade,
    '楼下通道被一辆面包车堵住，老人推轮椅出不来，请尽快处理。第' || n || '次反映。',
    name || (n %% 40 + 1) || '幢楼下', lng, lat,
    floor(lat * 200)::bigint * 100000 + floor(lng * 200)::bigint, '{}',
    (ARRAY['portal', 'phone', 'window', 'field'])[n %% 4 + 1], handler,
    CASE WHEN handler IS NULL THEN ARRAY[]::uuid[] ELSE ARRAY[handler] END,
    CASE WHEN done THEN '已处理，现场恢复。' ELSE '' END, false, 0,
    CASE WHEN state = 'rated' THEN (n %% 5 + 1)::int END, '',
    CASE WHEN NOT ended THEN reported_at + interval '20 hours' END, false,
    CASE WHEN NOT ended THEN now() + interval '30 days' END, 2, 0, reported_at,
    CASE WHEN filed THEN reported_at + interval '1 hour' END,
    CASE WHEN handler IS NOT NULL THEN reported_at + interval '2 hours' END,
    CASE WHEN handler IS NOT NULL THEN reported_at + interval '20 hours' END,
    CASE WHEN done THEN reported_at + interval '9 hours' END,
    CASE WHEN ended THEN reported_at + interval '12 hours' END
FROM (
    SELECT s.*, p.id, p.key, p.name, k.id AS category, k.grade,
        p.west + p.wide * s.east AS lng, p.south + p.high * s.north AS lat,
        s.state IN ('closed', 'rated') AS ended,
        s.state IN ('finished', 'closed', 'rated') AS done,
        s.state NOT IN ('reported', 'accepted') AS filed,
        CASE WHEN s.state IN ('reported', 'accepted', 'filed') THEN NULL
            ELSE coalesce(CASE k.handler_role WHEN 'grid-worker' THEN p.walker
                WHEN 'community-worker' THEN p.clerk ELSE p.street END, somebody.id) END AS handler
    FROM staged s JOIN places p USING (place) JOIN kinds k USING (kind)
        CROSS JOIN (SELECT id FROM access_post LIMIT 1) AS somebody
    ORDER BY s.n
) AS told
"""
REPORTERS = """
INSERT INTO cases_reporter (
    id, unit_id, unit_key, version, case_id, first, name, phone, email, words, receipt, language,
    since
)
SELECT uuidv7(reported_at - now()), unit_id, unit_key, 1, id, true, '陈女士', '15400000000', '',
    '', md5(number) || md5(number), 'zh-hans', reported_at
FROM cases_case ORDER BY reported_at
"""
HELPS = """
INSERT INTO cases_help (
    id, unit_id, unit_key, version, case_id, post_id, request, asked_at, result, given_at
)
SELECT uuidv7(c.reported_at - now()), c.unit_id, c.unit_key, 1, c.id, p.street, '请协助拖移',
    c.dispatched_at, '已拖走', c.finished_at
FROM cases_case c JOIN places p ON p.id = c.unit_id
WHERE c.dispatched_at IS NOT NULL AND c.handler_id <> p.street
    AND substr(c.number, 13, 1) IN ('0', '1', '2') AND p.street IS NOT NULL
"""
# Six entries of a closed case, fewer of an open one.
ENTRIES = """
INSERT INTO changes_entry (
    id, seq, at, verb, subject_type, subject_id, unit_key, actor_name, post_title, on_behalf_of,
    channel, moved, facts, digest
)
SELECT uuidv7(at - now()), (SELECT coalesce(max(seq), 0) FROM changes_entry)
        + row_number() OVER (ORDER BY at, step), at, verb, 'cases.case', id,
    unit_key, '王小芳', '社区工作者', '', 'desk',
    jsonb_build_object('state', jsonb_build_array('filed', 'dispatched'), 'due_at',
        jsonb_build_array(at, at + interval '1 day')),
    CASE step WHEN 1 THEN '{"limit": [4, "work_hour"], "channel": "portal"}'::jsonb
        WHEN 3 THEN '{"limit": [24, "urgent_hour"], "to": "网格员"}'::jsonb
        ELSE '{}'::jsonb END,
    repeat('0', 64)
FROM cases_case CROSS JOIN LATERAL (VALUES
    (1, 'cases.report', reported_at), (2, 'cases.file', filed_at),
    (3, 'cases.dispatch', dispatched_at), (4, 'cases.finish', finished_at),
    (5, 'cases.verify', closed_at),
    (6, 'cases.rate', CASE WHEN rating IS NOT NULL THEN closed_at + interval '1 day' END)
) AS step (step, verb, at)
WHERE at IS NOT NULL
"""
OPEN_STATES = ("reported", "filed", "dispatched", "handling", "suspended", "finished")


@dataclass(frozen=True, slots=True)
class Filled:
    """How much was put in."""

    cases: int
    entries: int


def fill(owner: psycopg.Connection[Any], count: int, *, now: datetime, seed: int = 1) -> Filled:
    """Put `count` cases of the last three years into the city of this database, then ANALYZE."""
    dice = random.Random(seed)
    owner.execute("SET synchronous_commit = off")
    owner.execute("SET maintenance_work_mem = '512MB'")
    owner.execute(STAGE)
    places = _count(owner, "SELECT count(*) FROM access_unit WHERE level = 6")
    kinds = _count(owner, "SELECT count(*) FROM cases_category")
    with (
        owner.cursor() as cursor,
        cursor.copy(
            "COPY staged (n, number, reported_at, place, kind, state, east, north, dice) FROM STDIN"
        ) as copy,
    ):
        for row in _rows(count, places, kinds, now=now, dice=dice):
            copy.write_row(row)
    owner.execute(LOOKUPS)
    with _bare(owner):
        owner.execute(CASES.replace("%%", "%"))
        owner.execute(REPORTERS)
        owner.execute(HELPS)
        entries = owner.execute(ENTRIES).rowcount
    owner.execute("SELECT setval('changes_entry_number', (SELECT max(seq) FROM changes_entry))")
    owner.execute("SELECT setval('cases_number', %s)", [count + 1])
    for table in TABLES:
        owner.execute(f"VACUUM (ANALYZE) {table}")
    return Filled(count, entries)


def _rows(
    count: int, places: int, kinds: int, *, now: datetime, dice: random.Random
) -> Iterator[tuple[Any, ...]]:
    """From the oldest to the newest; the newest are open."""
    span = timedelta(days=365 * YEARS)
    first_open = count - round(count * OPEN_SHARE)
    for n in range(count):
        at = now - span + span * (n / count)
        state = dice.choice(OPEN_STATES) if n >= first_open else dice.choice(("closed", "rated"))
        day: date = at.date()
        yield (
            n, number_of(day, n), at, dice.randrange(places), dice.randrange(kinds), state,
            dice.random(), dice.random(), dice.random(),
        )  # fmt: skip


@contextmanager
def _bare(owner: psycopg.Connection[Any]) -> Iterator[None]:
    """Without numbering, foreign keys and further indexes while rows pour in; with them after."""
    keys = owner.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])",
        [list(TABLES)],
    ).fetchall()
    indexes = owner.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisunique",
        [list(TABLES)],
    ).fetchall()
    for table, name, _definition in keys:
        owner.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _definition in indexes:
        owner.execute(f"DROP INDEX {name}")
    owner.execute("ALTER TABLE changes_entry DISABLE TRIGGER number_entry")
    yield
    owner.execute("ALTER TABLE changes_entry ENABLE TRIGGER number_entry")
    for _name, definition in indexes:
        owner.execute(definition)
    for table, name, definition in keys:
        owner.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def _count(owner: psycopg.Connection[Any], query: str) -> int:
    row = owner.execute(query).fetchone()
    return int(row[0]) if row else 0
