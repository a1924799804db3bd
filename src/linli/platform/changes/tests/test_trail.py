"""The trail: append-only, sealed by the day, forgetful by rule, and true about tampering."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.utils import translation

from linli.platform.access.actor import Actor
from linli.platform.access.models import Post
from linli.platform.access.rules import Verb
from linli.platform.access.scope import acting
from linli.platform.changes.door import change, note
from linli.platform.changes.forgetting import forget_old, forget_subject
from linli.platform.changes.models import Entry, Seal
from linli.platform.changes.seals import seal, verify
from linli.platform.changes.verbs import Keep, all_verbs
from tests.cast import Cast, make_cast

SYSTEM = Actor.system("test")
AT = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
Owner = psycopg.Connection[Any]


def written(days: int = 3, each: int = 4) -> Post:
    """A row with entries over some days; committed."""
    cast = make_cast()
    post = cast.post("clerk")
    for day in range(days):
        for number in range(each):
            at = AT + timedelta(days=day, minutes=number)
            with change(post, by=SYSTEM, verb=Verb.CHANGE_POST, at=at) as entry:
                post.remit = f"{day}.{number}"
                entry.facts["说明"] = f"第{day}天第{number}条"
    return post


def sealed() -> Post:
    post = written()
    assert seal(at=AT + timedelta(days=4)) == 12
    return post


# ---- append-only -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE changes_entry SET verb = 'x.y'",
        "UPDATE changes_entry SET facts = '{\"a\": 1}', forgotten_at = now()",
        "UPDATE changes_entry SET facts = '{}', moved = '{}', forgotten_at = now(), verb = 'x.y'",
        "UPDATE changes_entry SET facts = '{}', moved = '{}'",
        "DELETE FROM changes_entry",
        "TRUNCATE changes_entry",
        "UPDATE changes_seal SET hash = 'x'",
        "DELETE FROM changes_seal",
        "TRUNCATE changes_seal",
    ],
)
def test_not_even_the_owner_rewrites_the_trail(
    committed: Any, owner_connection: Owner, statement: str
) -> None:
    sealed()
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
        owner_connection.execute(statement.encode())


def test_numbers_are_given_by_the_database(cast: Cast) -> None:
    with acting(SYSTEM):
        first = note(cast.clerk, by=SYSTEM, verb=Verb.CHANGE_ACCOUNT, at=AT)
        forged = Entry(
            seq=999_999,
            at=AT,
            verb=Verb.CHANGE_ACCOUNT,
            subject_type="access.account",
            subject_id=cast.clerk.pk,
            unit_key="",
            channel="job",
            digest="x",
        )
        forged.save(force_insert=True)
        stored = list(
            Entry.objects.filter(subject_id=cast.clerk.pk)
            .order_by("seq")
            .values_list("seq", flat=True)
        )
    assert stored[1] == stored[0] + 1
    assert first.subject_id == cast.clerk.pk


# ---- sealing ---------------------------------------------------------------------------------


def test_a_seal_a_day_and_nothing_twice(committed: Any) -> None:
    sealed()
    days = list(Seal.objects.order_by("number").values_list("number", "day", "count"))
    assert days == [
        (1, date(2026, 11, 18), 4),
        (2, date(2026, 11, 19), 4),
        (3, date(2026, 11, 20), 4),
    ]
    assert seal(at=AT + timedelta(days=5)) == 0
    assert verify() == []


def test_the_chain_goes_on(committed: Any) -> None:
    post = sealed()
    with change(post, by=SYSTEM, verb=Verb.CHANGE_POST, at=AT + timedelta(days=2, hours=2)):
        post.remit = "later the same day"
    assert seal(at=AT + timedelta(days=5)) == 1
    assert Seal.objects.count() == 4
    assert verify() == []


def test_sealing_never_waits_for_a_writer_and_never_overtakes_one(
    committed: Any, database_env: dict[str, str]
) -> None:
    post = written(days=1, each=1)
    with psycopg.connect(database_env["DATABASE_URL"]) as writer:
        writer.execute("SELECT pg_advisory_xact_lock_shared(5301846110)")
        assert seal(at=AT + timedelta(days=5)) == 0
        writer.rollback()
    assert seal(at=AT + timedelta(days=5)) == 1
    assert post.pk


def tamper(owner: Owner, statement: str) -> None:
    """As somebody who owns the tables and switches every trigger off."""
    owner.execute("BEGIN")
    for trigger in ("refuse_update", "refuse_delete", "refuse_truncate", "number_entry"):
        owner.execute(f"ALTER TABLE changes_entry DISABLE TRIGGER {trigger}".encode())
    owner.execute(statement.encode())
    for trigger in ("refuse_update", "refuse_delete", "refuse_truncate", "number_entry"):
        owner.execute(f"ALTER TABLE changes_entry ENABLE TRIGGER {trigger}".encode())
    owner.execute("COMMIT")


SECOND = "(SELECT seq FROM changes_entry ORDER BY seq OFFSET 5 LIMIT 1)"
FORGERY = (
    "INSERT INTO changes_entry (id, seq, at, verb, subject_type, subject_id, unit_key, actor_name,"
    " post_title, on_behalf_of, channel, moved, facts, digest)"
    " SELECT gen_random_uuid(), {seq}, at, verb, subject_type, subject_id, unit_key,"
    " actor_name, post_title, on_behalf_of, channel, moved, facts, digest"
    f" FROM changes_entry WHERE seq = {SECOND}"
)


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("who", f"UPDATE changes_entry SET actor_name = '别人' WHERE seq = {SECOND}"),
        ("when", f"UPDATE changes_entry SET at = at + interval '1 s' WHERE seq = {SECOND}"),
        ("verb", f"UPDATE changes_entry SET verb = 'access.grant' WHERE seq = {SECOND}"),
        ("facts", f"UPDATE changes_entry SET facts = '{{\"a\": 1}}' WHERE seq = {SECOND}"),
        ("moved", f"UPDATE changes_entry SET moved = '{{}}' WHERE seq = {SECOND}"),
        ("where", f"UPDATE changes_entry SET unit_key = '33/' WHERE seq = {SECOND}"),
        ("behalf", f"UPDATE changes_entry SET on_behalf_of = '某' WHERE seq = {SECOND}"),
        ("deleted", f"DELETE FROM changes_entry WHERE seq = {SECOND}"),
        ("swapped", f"UPDATE changes_entry SET seq = -seq WHERE seq = {SECOND}"),
        ("inserted in the past", FORGERY.format(seq="-5")),
        ("forgotten with other words", "UPDATE changes_entry SET digest = 'x'"
         f" WHERE seq = {SECOND}"),
    ],
)  # fmt: skip
def test_tampering_shows(
    committed: Any, owner_connection: Owner, name: str, statement: str
) -> None:
    sealed()
    tamper(owner_connection, statement)
    assert verify(), f"{name}: not noticed"


def test_a_seal_that_is_taken_out_shows(committed: Any, owner_connection: Owner) -> None:
    sealed()
    owner_connection.execute("ALTER TABLE changes_seal DISABLE TRIGGER refuse_delete")
    owner_connection.execute("DELETE FROM changes_seal WHERE number = 2")
    assert verify()


def test_whoever_lacks_the_key_cannot_forge_the_chain(
    committed: Any, owner_connection: Owner, settings: Any
) -> None:
    sealed()
    settings.AUDIT_KEY = b"another key"
    assert verify()


def test_rewriting_everything_with_fresh_seals_needs_the_key(
    committed: Any, owner_connection: Owner, settings: Any
) -> None:
    """Somebody with the database alone cannot make a chain that verifies."""
    sealed()
    tamper(owner_connection, f"UPDATE changes_entry SET actor_name = 'x' WHERE seq = {SECOND}")
    owner_connection.execute("ALTER TABLE changes_seal DISABLE TRIGGER refuse_truncate")
    owner_connection.execute("TRUNCATE changes_seal")
    real = settings.AUDIT_KEY
    settings.AUDIT_KEY = b"guessed"
    seal(at=AT + timedelta(days=5))
    settings.AUDIT_KEY = real
    assert verify()


# ---- forgetting ------------------------------------------------------------------------------


def test_forgetting_empties_the_words_and_keeps_the_chain(committed: Any) -> None:
    post = sealed()
    assert forget_subject(post.pk, at=AT + timedelta(days=9)) == 12
    with acting(SYSTEM):
        entries = list(Entry.objects.filter(subject_id=post.pk))
    assert all(entry.moved == {} and entry.facts == {} for entry in entries)
    assert all(entry.forgotten_at for entry in entries)
    assert verify() == []
    assert forget_subject(post.pk, at=AT + timedelta(days=9)) == 0


def test_what_is_kept_for_five_years_goes_after_five_years_only(
    committed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from linli.platform.changes import verbs

    info = verbs._registered[str(Verb.CHANGE_POST)]
    monkeypatch.setitem(
        verbs._registered, str(Verb.CHANGE_POST), replace(info, keep=Keep.FIVE_YEARS)
    )
    sealed()
    assert forget_old(at=AT + timedelta(days=5 * 365)) == 0
    assert forget_old(at=AT + timedelta(days=5 * 365 + 4)) == 12
    assert verify() == []


def test_what_is_kept_for_ever_is_not_forgotten_with_its_subject(
    committed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from linli.platform.changes import verbs

    info = verbs._registered[str(Verb.CHANGE_POST)]
    monkeypatch.setitem(verbs._registered, str(Verb.CHANGE_POST), replace(info, keep=Keep.FOREVER))
    post = sealed()
    assert forget_subject(post.pk, at=AT + timedelta(days=9)) == 0


# ---- the registry ----------------------------------------------------------------------------


def test_every_verb_says_how_its_entries_forget() -> None:
    assert all_verbs()
    for name, info in all_verbs().items():
        assert info.keep in Keep, name
        assert name.count(".") == 1, name


def untranslated() -> list[str]:
    names = []
    for name, info in all_verbs().items():
        with translation.override("zh-hans"):
            label = str(info.label)
        if label.isascii():
            names.append(f"{name}: {label}")
    return names


def test_every_verb_has_a_chinese_label() -> None:
    assert untranslated() == []


def test_every_verb_has_an_english_label() -> None:
    for name, info in all_verbs().items():
        with translation.override("en"):
            assert str(info.label).isascii() or "“" in str(info.label), name
