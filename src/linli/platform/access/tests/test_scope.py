"""Row-level security as the application's role meets it: nothing foreign, nothing leaked."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.platform.access.actor import Actor
from linli.platform.access.branch import EVERYWHERE, NOWHERE, Branch
from linli.platform.access.models import Account, Grant, Holding, Post
from linli.platform.access.reads import for_actor, holders, keys_above, posts_above
from linli.platform.access.rules import Verb
from linli.platform.access.scope import acting, current_actor, tell_database
from linli.platform.access.scoped import IN_BRANCH, scoped_models
from linli.platform.changes.door import note
from tests.cast import DAY, Cast, make_cast

SETTINGS = ("lo", "hi", "post", "account", "reference", "subject")
AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


def told() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT " + ", ".join(f"current_setting('linli.{name}', true)" for name in SETTINGS)
        )
        row = cursor.fetchone()
    return {name: value or "" for name, value in zip(SETTINGS, row, strict=True)}


# ---- what the database is --------------------------------------------------------------------


def test_every_scoped_table_has_a_policy_or_says_why_not(db: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        guarded = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT tablename FROM pg_policies WHERE permissive = 'PERMISSIVE'")
        with_policy = {row[0] for row in cursor.fetchall()}
    open_models = []
    for model in scoped_models():
        table = model._meta.db_table
        if model.scope_open:
            assert len(model.scope_open) > 20, f"{table}: say why its rows are open"
            open_models.append(model._meta.label)
        else:
            assert table in guarded, f"{table} has no row-level security"
            assert table in with_policy, f"{table} has no policy"
    assert "changes_entry" in guarded
    assert {"access.Account", "access.Post"} <= set(open_models)


def test_every_policy_is_a_plain_range_on_the_key(db: Any) -> None:
    """LIKE and starts_with in a policy cost a hundred times more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename, coalesce(qual, with_check) FROM pg_policies")
        for table, condition in cursor.fetchall():
            assert "~~" not in condition, table
            assert "starts_with" not in condition, table


def test_the_application_s_role_owns_nothing_and_bypasses_nothing(db: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
            " WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False)
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE pg_get_userbyid(c.relowner) = current_user"
        )
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT count(*) FROM pg_proc WHERE pg_get_userbyid(proowner) = current_user"
        )
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT pg_has_role(current_user, 'pg_read_all_data', 'member')")
        assert cursor.fetchone() == (False,)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE changes_entry SET verb = 'x.y'",
        "UPDATE changes_entry SET moved = '{}', forgotten_at = NULL",
        "DELETE FROM changes_entry",
        "TRUNCATE changes_entry",
        "DELETE FROM changes_seal",
        "ALTER TABLE changes_entry DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE access_holding DISABLE ROW LEVEL SECURITY",
        "DROP POLICY scope ON access_holding",
        "CREATE TABLE mine (id int)",
        "ALTER TABLE changes_entry DISABLE TRIGGER ALL",
        "SET ROLE linli_owner",
    ],
)
def test_what_the_application_s_role_may_never_do(cast: Cast, statement: str) -> None:
    with acting(Actor.system("test")):
        note(cast.clerk, by=Actor.system("test"), verb=Verb.CHANGE_ACCOUNT, at=AT)
        with pytest.raises(Exception, match=r"permission|denied|owner|append-only"):  # noqa: SIM117
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


# ---- nothing foreign -------------------------------------------------------------------------


def foreign(actor: Actor) -> list[str]:
    """Rows of guarded tables seen without any filter of ours that lie outside the branch."""
    found = []
    for model in scoped_models():
        if model.scope_open:
            continue
        for row in model._base_manager.all():
            own = getattr(row, "account_id", None) == actor.account_id or (
                actor.post_id is not None
                and (getattr(row, "post_id", None) == actor.post_id or row.held_by(actor.post_id))
            )
            if row.unit_key not in actor.branch and not own:
                found.append(f"{model._meta.label} {row.pk}")
    return found


@pytest.mark.parametrize(
    "name",
    ["clerk", "other_clerk", "far_clerk", "grid_worker", "street_officer", "urban_management",
     "stranger", "resident"],
)  # fmt: skip
def test_without_any_filter_of_ours_nothing_foreign_is_seen(cast: Cast, name: str) -> None:
    actor = cast.actor(name)
    with acting(actor):
        assert foreign(actor) == []


def test_everybody_is_seen_by_somebody(cast: Cast) -> None:
    """The test above would pass on empty tables."""
    with acting(cast.actor("street_officer")):
        assert Holding._base_manager.count() == 6
    with acting(cast.actor("clerk")):
        assert Holding._base_manager.count() == 3
    with acting(Actor.public()):
        assert Holding._base_manager.count() == 0


def test_without_a_scope_nothing_is_seen(committed: Any) -> None:
    make_cast()
    assert Holding._base_manager.count() == 0


def test_rows_cannot_be_written_into_another_branch(cast: Cast) -> None:
    stolen = Holding(post=cast.post("far_clerk"), account=cast.clerk, starts=DAY)
    stolen.place_in(cast.far_community)
    stolen.account = cast.secretary
    with (
        acting(cast.actor("clerk")),
        pytest.raises(Exception, match="row-level security"),
        transaction.atomic(),
    ):
        stolen.save()
    with acting(cast.actor("clerk")):
        assert Holding._base_manager.filter(post=cast.post("far_clerk")).update(ends=DAY) == 0
        assert Grant._base_manager.all().delete()[0] == 0


def test_an_entry_cannot_be_written_in_another_s_name(cast: Cast) -> None:
    from linli.platform.changes.models import Entry

    with (
        acting(cast.actor("clerk")),
        pytest.raises(Exception, match="row-level security"),
        transaction.atomic(),
    ):
        Entry(
            at=AT,
            verb=Verb.APPOINT,
            subject_type="access.holding",
            subject_id=uuid4(),
            account_id=cast.secretary.pk,
            unit_key=cast.community.key,
            channel="desk",
            digest="0",
        ).save(force_insert=True)


# ---- nothing leaked --------------------------------------------------------------------------


def visible(actor: Actor) -> bool:
    """Whether exactly what is the actor's is seen, in one unfiltered statement."""
    keys = set(Holding._base_manager.values_list("unit_key", "account_id"))
    return all(key in actor.branch or account == actor.account_id for key, account in keys)


def one_request(cast: Cast, name: str, luck: random.Random) -> bool:
    """A transaction as `name` that ends well, rolls back, or breaks in the middle."""
    actor = cast.actor_cache[name]  # type: ignore[attr-defined]
    how = luck.choice(("well", "rollback", "error", "sql error", "nested"))
    try:
        with acting(actor):
            good = visible(actor)
            if how == "nested":
                with acting(Actor.system("inner")):
                    good = good and Holding._base_manager.count() == 8
                good = good and visible(actor)
            if how == "rollback":
                transaction.set_rollback(True)
            if how == "error":
                raise ValueError
            if how == "sql error":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1/0")
    except (ValueError, Exception) as error:
        if not isinstance(error, ValueError) and "division" not in str(error):
            raise
    return good and current_actor() is None


NAMES = ("clerk", "other_clerk", "far_clerk", "street_officer", "urban_management", "resident")


def with_actors(cast: Cast) -> Cast:
    cast.actor_cache = {name: cast.actor(name) for name in NAMES}  # type: ignore[attr-defined]
    return cast


def test_five_hundred_requests_over_one_connection_leak_nothing(committed: Any) -> None:
    cast = with_actors(make_cast())
    luck = random.Random(7)
    pid = connection.connection.info.backend_pid
    for _ in range(500):
        assert one_request(cast, luck.choice(NAMES), luck)
        assert not any(told().values()), "a scope outlived its transaction"
        assert Holding._base_manager.count() == 0
    assert connection.connection.info.backend_pid == pid


@contextmanager
def pooled() -> Iterator[None]:
    """Django's connections out of a psycopg pool of three."""
    default = connections["default"]
    default.close()
    options = default.settings_dict["OPTIONS"]
    age, health = (default.settings_dict[key] for key in ("CONN_MAX_AGE", "CONN_HEALTH_CHECKS"))
    default.settings_dict["OPTIONS"] = {**options, "pool": {"min_size": 1, "max_size": 3}}
    default.settings_dict.update(CONN_MAX_AGE=0, CONN_HEALTH_CHECKS=False)
    try:
        yield
    finally:
        default.close()
        default.close_pool()  # type: ignore[attr-defined]
        default.settings_dict["OPTIONS"] = options
        default.settings_dict.update(CONN_MAX_AGE=age, CONN_HEALTH_CHECKS=health)


def test_a_pool_shared_by_threads_leaks_nothing(committed: Any) -> None:
    cast = with_actors(make_cast())

    def work(seed: int) -> int:
        luck = random.Random(seed)
        for _ in range(60):
            assert one_request(cast, luck.choice(NAMES), luck)
            assert not any(told().values())
            connections["default"].close()
        return 60

    with pooled(), ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(work, range(8))) == 480


def test_an_inner_actor_does_not_outlive_its_block(cast: Cast) -> None:
    clerk = cast.actor("clerk")
    with acting(clerk):
        before = told()
        with acting(Actor.system("inner")):
            assert told()["hi"] == EVERYWHERE.hi
        assert told() == before
        with pytest.raises(ValueError, match="inner"), acting(Actor.system("inner")):
            raise ValueError("inner")
        assert told() == before
        assert current_actor() == clerk


# ---- literals --------------------------------------------------------------------------------

nasty = st.text(alphabet=st.characters(codec=None), max_size=60) | st.sampled_from(
    [
        "'",
        "''",
        "\\'",
        "\\",
        "%s",
        "%(a)s",
        "$$",
        "--",
        "'; RESET ROLE; --",
        "\x00",
        "\ud800",
        "€'汉",
    ]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reference=nasty, key=nasty)
def test_whatever_is_told_to_the_database_stays_a_literal(
    cast: Cast, reference: str, key: str
) -> None:
    actor = Actor(name="x", branch=Branch(key, key), reference=reference)
    with transaction.atomic():
        tell_database(actor)
        seen = told()
        assert seen["reference"] == storable(reference)
        assert seen["lo"] == storable(key)
        assert seen["account"] == ""


def storable(text: str) -> str:
    """PostgreSQL's text has no NUL and no half characters."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


# ---- the price -------------------------------------------------------------------------------

ROWS = 100_000


@pytest.fixture
def probe(committed: Any) -> Iterator[psycopg.Connection[Any]]:
    """A table of a hundred thousand scoped rows; a connection as the application's role."""
    with committed.server.owner(committed.name) as owner:
        owner.execute(
            'CREATE TABLE scope_probe (id uuid PRIMARY KEY, unit_key text COLLATE "C" NOT NULL,'
            " at timestamptz NOT NULL, body text)"
        )
        owner.execute(
            "INSERT INTO scope_probe SELECT gen_random_uuid(),"
            " format('33/02/%s/%s/%s/', lpad((n % 10)::text, 2, '0'),"
            "  lpad((n / 10 % 25)::text, 3, '0'), lpad((n / 250 % 20)::text, 3, '0')),"
            " timestamptz '2026-01-01' + n * interval '1 minute', repeat('x', 200)"
            f" FROM generate_series(1, {ROWS}) n"
        )
        owner.execute("CREATE INDEX ON scope_probe (unit_key, at DESC, id)")
        owner.execute("ALTER TABLE scope_probe ENABLE ROW LEVEL SECURITY")
        owner.execute(
            f"CREATE POLICY scope ON scope_probe USING ({IN_BRANCH.format(column='unit_key')})"
        )
        owner.execute("VACUUM ANALYZE scope_probe")
    with psycopg.connect(committed.server.app_url(committed.name)) as app:
        yield app


def test_a_list_under_the_policy_reads_an_index_only_in_its_branch(
    probe: psycopg.Connection[Any],
) -> None:
    lo, hi = Branch.of("33/02/03/007/011/").lo, Branch.of("33/02/03/007/011/").hi
    probe.execute(f"SET LOCAL linli.lo = '{lo}'; SET LOCAL linli.hi = '{hi}'")
    found = probe.execute("SELECT count(*) FROM scope_probe").fetchone()
    assert found == (ROWS // 5000,)
    plan = probe.execute(
        "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)"
        " SELECT id, at FROM scope_probe ORDER BY at DESC LIMIT 50"
    ).fetchone()
    assert plan is not None
    text = str(plan[0])
    assert "Index" in text
    assert "Seq Scan" not in text
    top = plan[0][0]["Plan"]
    assert top["Shared Hit Blocks"] + top["Shared Read Blocks"] < 40
    count = probe.execute("EXPLAIN (FORMAT JSON) SELECT count(*) FROM scope_probe").fetchone()
    assert count is not None
    assert "Index Only Scan" in str(count[0])


# ---- reads -----------------------------------------------------------------------------------


def test_the_application_s_filter_agrees_with_the_policy(cast: Cast) -> None:
    for name in (*NAMES, "stranger"):
        actor = cast.actor(name)
        with acting(actor):
            ours = set(for_actor(Holding.objects.all(), actor).values_list("pk", flat=True))
            seen = set(Holding._base_manager.values_list("pk", flat=True))
            assert ours <= seen
            beside = Holding.objects.exclude(pk__in=ours)
            assert {holding.account_id for holding in beside} <= {actor.account_id}


def test_the_system_sees_all_and_the_public_nothing(cast: Cast) -> None:
    with acting(Actor.system("test")):
        assert for_actor(Holding.objects.all(), Actor.system("test")).count() == 8
        assert for_actor(Post.objects.all(), Actor.public()).count() == 0
        assert for_actor(Post.objects.all(), cast.actor("urban_management")).count() == 0


def test_posts_above_are_found_nearest_first(cast: Cast) -> None:
    titles = [post.title for post in posts_above(cast.grid.key, Verb.APPOINT, DAY)]
    assert titles[0] == "网格员"
    assert set(titles[1:3]) == {"社区书记", "社区工作者"}
    assert titles[-1] == "社建办干部"
    assert "社区工作者" not in [p.title for p in posts_above(cast.street.key, Verb.APPOINT, DAY)]
    cast.allow("clerk")
    assert "社区工作者" not in [p.title for p in posts_above(cast.grid.key, Verb.APPOINT, DAY)]


def test_a_grant_makes_a_post_stand_above_too(cast: Cast) -> None:
    lent = Grant(post=cast.post("far_clerk"), role=cast.roles["secretary"], starts=DAY)
    lent.place_in(cast.community)
    with acting(Actor.system("test")):
        lent.save()
    found = posts_above(cast.grid.key, Verb.APPOINT, DAY)
    assert cast.post("far_clerk") in found
    assert found.index(cast.post("far_clerk")) < [p.title for p in found].index("街道分拨员")


def test_holders_are_active_and_of_the_day(cast: Cast) -> None:
    post = cast.post("clerk")
    assert holders([post.pk], DAY) == {post.pk: [cast.clerk]}
    Account.objects.filter(pk=cast.clerk.pk).update(is_active=False)
    assert holders([post.pk], DAY) == {post.pk: []}


def test_keys_above() -> None:
    assert keys_above("33/02/82/") == ["33/02/82/", "33/02/", "33/"]
    assert keys_above("") == []


def test_branches_cover_what_lies_in_them() -> None:
    street = Branch.of("33/02/82/001/")
    assert "33/02/82/001/" in street
    assert "33/02/82/001/012/" in street
    assert "33/02/82/0010/" not in street
    assert "33/02/82/002/" not in street
    assert street.covers(Branch.of("33/02/82/001/012/"))
    assert not street.covers(Branch.of("33/02/82/"))
    assert EVERYWHERE.covers(street)
    assert "33/" not in NOWHERE
