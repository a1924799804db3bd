"""The database alone, without any filter of the application: nothing foreign is read.

What the application's role may read is either kept apart by a policy or open by rule, and the rule
is written here. Then three ways round the application's filter: whole tables, every statement that
the pages run for somebody who may see everything, and functions.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting
from linli.platform.access.scoped import scoped_models
from tests.addresses import pages
from tests.marked_town import PEOPLE, Mark, Town, visitor
from tests.test_pages import ask, bare

pytestmark = pytest.mark.slow

# Table → why its rows are open to whoever acts as the application's role.
OPEN_BY_RULE = {
    "access_account": "signing in finds an account before anybody acts; pages ask reads.accounts",
    "access_cache": "shared before anybody acts: published pages, and sign-in codes already used",
    "access_post": "the directory of posts is public within the service, who holds them is not",
    "access_role": "what a post may do is public within the service",
    "access_signinrule": "what signing in asks for holds for everybody",
    "access_tally": "counts what an address sent, before anybody acts; holds keyed names only",
    "access_unit": "the tree of units is public",
    "account_emailaddress": "the sign-in library's; addresses of staff, read before anybody acts",
    "account_emailconfirmation": "the sign-in library's; not used, and empty",
    "auth_group": "the framework's; not used, and empty",
    "auth_group_permissions": "the framework's; not used, and empty",
    "auth_permission": "the framework's; names of its own permissions",
    "axes_accessattempt": "wrong passwords are counted before anybody acts",
    "axes_accessattemptexpiration": "wrong passwords are counted before anybody acts",
    "axes_accessfailurelog": "wrong passwords are counted before anybody acts",
    "axes_accesslog": "when somebody signed in, written before anybody acts",
    "cases_category": "the catalogue of kinds is published",
    "cases_timerule": "limits are published with their source",
    "changes_seal": "sums over the entries of a day, without any of their words",
    "desk_exportrule": "how much one export may hold is a rule for everybody",
    "divisions_estimate": "numbers of households are published",
    "divisions_mapversion": "one number",
    "divisions_norm": "norms are law",
    "divisions_outline": "where a grid runs is public, who works in it is not",
    "divisions_pastoutline": "where a grid ran is public",
    "divisions_placement": "the tree of units is public, as it was too",
    "divisions_successor": "the tree of units is public, as it was too",
    "divisions_unitcode": "the tree of units is public, as it was too",
    "divisions_unitname": "the tree of units is public, as it was too",
    "django_content_type": "the framework's; names of tables",
    "django_migrations": "which version the database has",
    "django_session": "found by a secret key before anybody acts; its content is signed and packed",
    "flow_calendarday": "the calendar is published",
    "flow_calendarversion": "the calendar is published",
    "flow_calendaryear": "the calendar is published",
    "flow_workhours": "office hours are published",
    "mfa_authenticator": "asked for while signing in, before anybody acts; its secrets are sealed",
    "procrastinate_events": "the worker reads before anybody acts; moments of jobs",
    "procrastinate_jobs": "the worker reads before anybody acts; jobs carry keys, never words",
    "procrastinate_periodic_defers": "the worker's clock",
    "procrastinate_workers": "signs of life of workers",
    "usersessions_usersession": "where an account is signed in, read before anybody acts",
}
# Function that runs as the owner of the tables → why.
RUN_AS_OWNER = {
    "access_capacities": "whoever signs in has no scope before the own posts are known",
}
# Staff are named to one another; their numbers are kept by reads.accounts, see `access_account`.
ABOUT_STAFF = frozenset({"staff name", "staff phone", "staff email"})

READABLE = """
SELECT c.relname, c.relrowsecurity FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_%'
    AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND has_any_column_privilege(c.oid, 'SELECT')
ORDER BY c.relname
"""
AS_OWNER = """
SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND p.prosecdef
    AND has_function_privilege(p.oid, 'EXECUTE')
"""


def asked(statement: str) -> list[Any]:
    """The rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def tables() -> dict[str, bool]:
    """Every table the application's role reads, and whether a policy keeps its rows apart."""
    return dict(asked(READABLE))


def test_every_table_is_kept_apart_by_a_policy_or_open_by_rule(db: Any) -> None:
    found = tables()
    unsaid = [name for name, guarded in found.items() if not guarded and name not in OPEN_BY_RULE]
    assert unsaid == [], (
        "The application reads these tables whole. Give each a policy (EnableScope, or its own), or"
        f" say in OPEN_BY_RULE of tests/test_tables.py why its rows are everybody's: {unsaid}"
    )
    assert [name for name in OPEN_BY_RULE if found.get(name, True)] == [], "guarded or gone"
    open_models = {model._meta.db_table for model in scoped_models() if model.scope_open}
    assert open_models <= set(OPEN_BY_RULE)


def test_no_policy_lets_everybody_read(db: Any) -> None:
    policies = asked(
        "SELECT tablename, qual FROM pg_policies WHERE cmd IN ('SELECT', 'ALL') AND permissive ="
        " 'PERMISSIVE'"
    )
    assert {name for name, _condition in policies} == {
        n for n, guarded in tables().items() if guarded
    }
    for table, condition in policies:
        assert "linli." in condition, f"{table}: {condition}"


def test_what_runs_as_the_owner_is_known(db: Any) -> None:
    """Such a function reads round every policy."""
    assert {name for (name,) in asked(AS_OWNER)} == set(RUN_AS_OWNER)


def test_whole_tables_show_nothing_foreign(town: Town) -> None:
    found = tables()
    leaks = {person: _foreign(town, person, found) for person in PEOPLE}
    assert {person: told for person, told in leaks.items() if told} == {}


def _foreign(town: Town, person: str, found: dict[str, bool]) -> list[str]:
    actor, marks = town.actor(person), words_hidden_from(town, person)
    leaks = []
    for table, guarded in found.items():
        with acting(actor):
            rows = asked(f"SELECT row_to_json(t)::text FROM {table} t")
        for (text,) in rows:
            if guarded and not is_own(json.loads(text), actor):
                leaks.append(f"{table}: {text[:120]}")
            seen = bare(text)
            leaks += [f"{table}: {mark.kind} {mark.text}" for mark in marks if mark.text in seen]
    return leaks


def words_hidden_from(town: Town, person: str) -> list[Mark]:
    """The words the database itself keeps from the person."""
    return [mark for mark in town.foreign_marks(person) if mark.kind not in ABOUT_STAFF]


def is_own(row: dict[str, Any], actor: Actor) -> bool:
    """Whether a row lies in the branch, or is the account's or the post's beside it."""
    account, post = str(actor.account_id), str(actor.post_id)
    return (
        row.get("unit_key") in actor.branch
        or row.get("account_id") == account
        or row.get("post_id") == post
        or post in (row.get("engaged") or ())
    )


def test_the_statements_of_every_page_show_nothing_foreign(town: Town) -> None:
    """What pages ask for somebody whose filter lets everything through, asked as each person."""
    statements = _statements_of_all_pages(town)
    assert len(statements) > 300
    leaks = []
    for person in PEOPLE:
        actor, marks = town.actor(person), words_hidden_from(town, person)
        for statement in statements:
            seen = bare(str(_as(actor, statement)))
            leaks += [f"{person}: {mark.text}: {statement}" for mark in marks if mark.text in seen]
    assert leaks == []


def _statements_of_all_pages(town: Town) -> list[str]:
    """Every SELECT that the pages of the province's officer run, each once.

    Those that name a place of their own (an id, a number) are among them: a row that the filter
    would have left out is asked for by its very key.
    """
    client = visitor(town, "root")
    found: dict[str, None] = {}
    for page in pages(town, "root"):
        if page.url is None:
            continue
        with CaptureQueriesContext(connection) as queries:
            ask(client, page)
        for query in queries:
            if query["sql"].startswith(("SELECT", "WITH")) and "procrastinate" not in query["sql"]:
                found[query["sql"]] = None
    return list(found)


def _as(actor: Actor, statement: str) -> list[Any]:
    """The rows of a statement as this actor, if it may run it at all."""
    with acting(actor), transaction.atomic():
        rows = asked(statement)
        transaction.set_rollback(True)
    return rows


def test_the_officer_above_all_meets_every_word(town: Town) -> None:
    """Otherwise the tests above would pass for want of rows."""
    with acting(town.actor("root")):
        seen = bare(" ".join(text for table in tables() for (text,) in asked(
            f"SELECT row_to_json(t)::text FROM {table} t")))  # fmt: skip
    assert [mark for mark in town.marks if mark.owner is None and mark.text not in seen] == []
