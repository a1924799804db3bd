"""Who is told, once, and who sees it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy, gettext_noop, override

from linli.kernel.errors import NotFound
from linli.platform.access.models import Account, Holding, Level
from linli.platform.access.scope import acting
from linli.platform.notices import actions, kinds, reads
from linli.platform.notices.models import Delivery, Notice, Preference
from linli.platform.notices.public import (
    kind,
    tell_accounts,
    tell_address,
    tell_posts,
    tell_supervisors,
)
from linli.platform.notices.texts import rendered
from tests.cast import Cast

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
VERB = "access.view_staff"
TEXT = gettext_noop("Work handed to %(who)s, due %(due)s (%(level)s)")


def told_to(cast: Cast, name: str) -> list[Notice]:
    with acting(cast.actor(name)) as actor:
        return reads.unread(actor)


@pytest.mark.django_db
def test_a_person_is_told_once_an_occasion(told_cast: Cast) -> None:
    occasion = uuid4()
    with acting(told_cast.actor("clerk")):
        for _again in range(3):
            told = tell_accounts(
                [told_cast.grid_worker, told_cast.grid_worker.pk],
                verb=VERB, subject=told_cast.community, text="Hello", at=AT, occasion=occasion,
            )  # fmt: skip
            assert told == 1
    assert len(told_to(told_cast, "grid_worker")) == 1


@pytest.mark.django_db
def test_without_an_occasion_subject_and_moment_stand_in(told_cast: Cast) -> None:
    with acting(told_cast.actor("clerk")):
        for at in (AT, AT, AT + timedelta(minutes=1)):
            tell_accounts(
                [told_cast.grid_worker], verb=VERB, subject=told_cast.community, text="x", at=at
            )
    assert len(told_to(told_cast, "grid_worker")) == 2


@pytest.mark.django_db
def test_the_database_refuses_the_same_notice_twice(told_cast: Cast) -> None:
    columns = {
        "verb": VERB, "subject_type": "access.unit", "subject_id": told_cast.street.pk,
        "occasion": uuid4(), "text": "x", "account": told_cast.clerk, "created_at": AT,
    }  # fmt: skip
    with acting(told_cast.actor("system")):
        Notice(**columns).save(force_insert=True)
        with pytest.raises(IntegrityError), transaction.atomic():
            Notice(**columns).save(force_insert=True)


@pytest.mark.django_db
def test_notices_are_seen_by_their_reader_only(told_cast: Cast) -> None:
    with acting(told_cast.actor("clerk")):
        tell_accounts(
            [told_cast.grid_worker], verb=VERB, subject=told_cast.community, text="x", at=AT
        )
        assert list(Notice.objects.all()) == []
        assert list(Delivery.objects.all()) == []
    notice = told_to(told_cast, "grid_worker")[0]
    for other in ("clerk", "street_officer", "city_officer", "stranger", "resident"):
        with acting(told_cast.actor(other)) as actor:
            assert not Notice.objects.filter(pk=notice.pk).exists(), other
            assert Notice.objects.filter(pk=notice.pk).update(read_at=AT) == 0, other
            if actor.account_id:
                with pytest.raises(NotFound):
                    reads.get(actor, notice.pk)


@pytest.mark.django_db
def test_preferences_and_e_mails_are_hidden_from_others_by_the_database(told_cast: Cast) -> None:
    with acting(told_cast.actor("clerk")) as clerk:
        actions.prefer(actor=clerk, kind=kinds.OTHER, in_app=False, email=False)
        assert Preference.objects.count() == 1
    with acting(told_cast.actor("city_officer")):
        assert Preference.objects.count() == 0


@pytest.mark.django_db
def test_whoever_holds_the_post_today_is_told_wherever_the_teller_stands(told_cast: Cast) -> None:
    post = told_cast.post("far_clerk")
    with acting(told_cast.actor("system")):
        late = Holding(post=post, account=told_cast.stranger, starts=AT.date() + timedelta(days=3))
        late.place_in(told_cast.far_community)
        late.save()
    with acting(told_cast.actor("clerk")):
        told = tell_posts([post.pk], verb=VERB, subject=told_cast.community, text="x", at=AT)
    assert told == 1
    assert len(told_to(told_cast, "far_clerk")) == 1
    assert told_to(told_cast, "stranger") == []


@pytest.mark.django_db
def test_those_who_answer_at_a_level_are_told_or_the_next_above(told_cast: Cast) -> None:
    cast = told_cast
    cast.deny("clerk", VERB)
    cast.deny("secretary", VERB)
    cast.deny("grid_worker", VERB)
    with acting(cast.actor("grid_worker")):
        told = tell_supervisors(
            cast.grid, level=Level.COMMUNITY, holding=VERB,
            verb=VERB, subject=cast.grid, text="x", at=AT,
        )  # fmt: skip
    # Nobody in the community holds the verb: the street's officer does; its team, which sees
    # only its own work, and other communities do not answer for the place.
    assert told == 1
    assert len(told_to(cast, "street_officer")) == 1
    for other in ("urban_management", "other_clerk", "clerk", "city_officer"):
        assert told_to(cast, other) == [], other


@pytest.mark.django_db
def test_nobody_answering_is_told_as_nobody(told_cast: Cast) -> None:
    for role in told_cast.roles:
        told_cast.allow(role)
    with acting(told_cast.actor("grid_worker")):
        told = tell_supervisors(
            told_cast.grid, level=Level.COMMUNITY, holding=VERB,
            verb=VERB, subject=told_cast.grid, text="x", at=AT,
        )  # fmt: skip
    assert told == 0


@pytest.mark.django_db
def test_whoever_did_it_and_whoever_left_is_not_told(told_cast: Cast) -> None:
    with acting(told_cast.actor("system")):
        Account.objects.filter(pk=told_cast.secretary.pk).update(is_active=False)
    with acting(told_cast.actor("clerk")) as clerk:
        told = tell_accounts(
            [told_cast.clerk, told_cast.secretary, told_cast.grid_worker],
            verb=VERB, subject=told_cast.community, text="x", at=AT, but=clerk,
        )  # fmt: skip
    assert told == 1
    assert told_to(told_cast, "clerk") == []


@pytest.mark.django_db
def test_a_change_that_fails_tells_nobody(told_cast: Cast) -> None:
    def change_that_fails() -> None:
        with acting(told_cast.actor("clerk")):
            tell_accounts(
                [told_cast.grid_worker], verb=VERB, subject=told_cast.community, text="x", at=AT
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_that_fails()
    assert told_to(told_cast, "grid_worker") == []


@pytest.mark.django_db
def test_telling_leaves_the_teller_where_they_stood(told_cast: Cast) -> None:
    with acting(told_cast.actor("clerk")) as clerk:
        tell_posts(
            [told_cast.post("far_clerk").pk],
            verb=VERB, subject=told_cast.community, text="x", at=AT,
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('linli.lo'), current_setting('linli.account')")
            assert cursor.fetchone() == (clerk.branch.lo, str(clerk.account_id))


@pytest.mark.django_db
def test_a_notice_is_read_in_the_readers_language(told_cast: Cast) -> None:
    with override("en"), acting(told_cast.actor("clerk")):
        tell_accounts(
            [told_cast.grid_worker], verb=VERB, subject=told_cast.community, at=AT,
            text=gettext_lazy("Not valid"),
            body=TEXT,
            params={"who": "李强", "due": AT, "level": gettext_lazy("Monday")},
        )  # fmt: skip
    notice = told_to(told_cast, "grid_worker")[0]
    assert notice.text == "Not valid"
    with override("zh-hans"):
        assert "2026年11月20日 10:00" in notice.more
        assert "星期一" in notice.more
    with override("en"):
        assert notice.more == "Work handed to 李强, due 20 November 2026, 10:00 (Monday)"


def test_a_text_without_values_keeps_its_percent_signs() -> None:
    assert rendered("100 % done", {}) == "100 % done"


@pytest.mark.django_db
def test_a_kind_switched_off_is_not_told(told_cast: Cast) -> None:
    one = kind("test.quiet", "Quiet", verbs=["test.quiet"])
    try:
        with acting(told_cast.actor("grid_worker")) as actor:
            actions.prefer(actor=actor, kind=one, in_app=False, email=False)
            assert [choice.in_app for choice in reads.choices(actor) if choice.kind is one] == [
                False
            ]
        with acting(told_cast.actor("clerk")):
            tell_accounts(
                [told_cast.grid_worker, told_cast.secretary],
                verb="test.quiet", subject=told_cast.community, text="x", at=AT,
            )  # fmt: skip
        assert told_to(told_cast, "grid_worker") == []
        assert len(told_to(told_cast, "secretary")) == 1
    finally:
        kinds._kinds.pop("test.quiet")
        kinds._by_verb.pop("test.quiet")


@pytest.mark.django_db
def test_a_notice_leads_to_this_site_only(told_cast: Cast) -> None:
    for url in ("https://elsewhere.example/", "//elsewhere.example/"):
        with (
            acting(told_cast.actor("clerk")),
            pytest.raises(IntegrityError),
            transaction.atomic(),
        ):
            tell_accounts(
                [told_cast.grid_worker],
                verb=VERB, subject=told_cast.community, text="x", at=AT, url=url,
            )  # fmt: skip


@pytest.mark.django_db
def test_reading_counts_down_and_pages_on(told_cast: Cast) -> None:
    with acting(told_cast.actor("clerk")):
        for minute in range(60):
            tell_accounts(
                [told_cast.grid_worker], verb=VERB, subject=told_cast.community,
                text="x", at=AT + timedelta(minutes=minute),
            )  # fmt: skip
    with acting(told_cast.actor("grid_worker")) as actor:
        assert reads.unread_count(actor) == 60
        actions.mark_read(actor=actor, notice=reads.unread(actor)[0], at=AT)
        assert reads.unread_count(actor) == 59
        assert actions.mark_all_read(actor=actor, at=AT + timedelta(days=1)) == 59
        first = reads.seen(actor)
        second = reads.seen(actor, after=first.after)
        assert [len(first.notices), len(second.notices), second.after] == [50, 10, ""]
        assert first.notices[-1].created_at > second.notices[0].created_at
        with pytest.raises(NotFound):
            reads.seen(actor, after="nonsense")


@pytest.mark.django_db
def test_without_a_mail_server_nothing_is_queued(told_cast: Cast, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    with acting(told_cast.actor("clerk")):
        assert not tell_address(
            "a@cixi.example", verb=VERB, subject=told_cast.community, text="x", at=AT
        )
    with acting(told_cast.actor("system")):
        assert Delivery.objects.count() == 0
