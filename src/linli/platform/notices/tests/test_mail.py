"""E-mail over a real socket: delivered, server away and back, addresses refused, killed between."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.message import Message
from typing import Any

import pytest
from django.db import connection
from django.utils.translation import gettext_noop

from linli.platform.access.scope import acting
from linli.platform.notices import actions, kinds, mail
from linli.platform.notices.jobs import (
    deliver_later,
    deliver_left_over_later,
    forget_notices_later,
)
from linli.platform.notices.models import Delivery, DeliveryState, Notice
from linli.platform.notices.public import forget_subject, tell_accounts, tell_address
from linli.platform.notices.tests.mailserver import MailServer
from tests.cast import Cast

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
VERB = "test.mailed"


@pytest.fixture(autouse=True)
def mailed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind of notices for these tests alone."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    monkeypatch.setattr(kinds, "_by_verb", dict(kinds._by_verb))
    kinds.kind("test.mailed", "Mailed", verbs=[VERB], email=True)


def tell(cast: Cast, *names: str, **more: Any) -> None:
    with acting(cast.actor("clerk")):
        tell_accounts(
            [cast.accounts[name] for name in names],
            verb=VERB,
            subject=cast.community,
            text=gettext_noop("Not valid"),
            at=more.pop("at", AT),
            **more,
        )


def queued() -> list[list[str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->'delivery_ids' FROM procrastinate_jobs WHERE task_name LIKE %s"
            " ORDER BY id",
            ["%notices.jobs.deliver_later"],
        )
        return [json.loads(row[0]) for row in cursor.fetchall()]


def work() -> None:
    for ids in queued():
        deliver_later.now(delivery_ids=ids)


def deliveries(cast: Cast) -> dict[str, Delivery]:
    with acting(cast.actor("system")):
        return {row.address: row for row in Delivery.objects.all()}


def text_of(message: Message) -> str:
    body = message.get_payload(decode=True)
    assert isinstance(body, bytes)
    return body.decode()


@pytest.mark.django_db
def test_one_job_a_batch_and_one_mail_a_person(told_cast: Cast, mail_server: MailServer) -> None:
    tell(told_cast, "grid_worker", "secretary", url="/desk/cases/7/")
    assert [len(ids) for ids in queued()] == [2]
    work()
    assert sorted(mail_server.recipients) == [
        "grid_worker@cixi.example",
        "secretary@cixi.example",
    ]
    rows = deliveries(told_cast)
    assert {row.state for row in rows.values()} == {DeliveryState.SENT}
    assert all(row.sent_at and row.attempts == 1 for row in rows.values())
    first = mail_server.mails[0]
    assert first["Subject"].endswith("无效") or "·" in first["Subject"]
    assert "https://linli.cixi.example/desk/cases/7/" in text_of(first)
    assert first["Auto-Submitted"] == "auto-generated"


@pytest.mark.django_db
def test_a_job_that_runs_twice_sends_once(told_cast: Cast, mail_server: MailServer) -> None:
    tell(told_cast, "grid_worker")
    work()
    work()
    assert len(mail_server.mails) == 1


@pytest.mark.django_db
def test_killed_between_sending_and_recording_it_goes_again_under_the_same_id(
    told_cast: Cast, mail_server: MailServer
) -> None:
    tell(told_cast, "grid_worker")
    work()
    with acting(told_cast.actor("system")):
        Delivery.objects.update(state=DeliveryState.WAITING, sent_at=None)
    work()
    first, second = mail_server.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@linli.cixi.example>")


@pytest.mark.django_db
def test_a_server_that_is_away_gets_it_when_it_is_back(
    told_cast: Cast, mail_server: MailServer
) -> None:
    mail_server.stop()
    tell(told_cast, "grid_worker", "secretary")
    with pytest.raises(mail.NotAllSent):
        work()
    waiting = deliveries(told_cast)
    assert {row.state for row in waiting.values()} == {DeliveryState.WAITING}
    assert all("ConnectionRefusedError" in row.fault for row in waiting.values())

    mail_server.start()
    work()
    assert len(mail_server.mails) == 2
    rows = deliveries(told_cast)
    assert {row.state for row in rows.values()} == {DeliveryState.SENT}
    assert {row.fault for row in rows.values()} == {""}


@pytest.mark.django_db
def test_what_outlived_its_job_is_tried_again_then_given_up(
    told_cast: Cast, mail_server: MailServer
) -> None:
    now = datetime.now(UTC)
    mail_server.stop()
    tell(told_cast, "grid_worker", at=now - timedelta(hours=1))
    tell(told_cast, "secretary", at=now - timedelta(days=4))
    deliver_left_over_later.now()
    rows = deliveries(told_cast)
    assert rows["grid_worker@cixi.example"].state == DeliveryState.WAITING
    assert rows["secretary@cixi.example"].state == DeliveryState.GIVEN_UP
    mail_server.start()
    deliver_left_over_later.now()
    assert mail_server.recipients == ["grid_worker@cixi.example"]


@pytest.mark.django_db
def test_a_refused_address_is_recorded_and_the_others_get_theirs(
    told_cast: Cast, mail_server: MailServer
) -> None:
    mail_server.refused["secretary@cixi.example"] = "550 no such mailbox"
    tell(told_cast, "secretary", "grid_worker")
    work()
    rows = deliveries(told_cast)
    assert rows["secretary@cixi.example"].state == DeliveryState.REFUSED
    assert rows["secretary@cixi.example"].fault == "550 no such mailbox"
    assert mail_server.recipients == ["grid_worker@cixi.example"]


@pytest.mark.django_db
def test_a_mailbox_that_is_full_is_tried_again(told_cast: Cast, mail_server: MailServer) -> None:
    mail_server.refused["secretary@cixi.example"] = "452 mailbox full"
    tell(told_cast, "secretary", "grid_worker")
    with pytest.raises(mail.NotAllSent):
        work()
    assert mail_server.recipients == ["grid_worker@cixi.example"]
    mail_server.refused.clear()
    work()
    assert sorted(mail_server.recipients) == [
        "grid_worker@cixi.example",
        "secretary@cixi.example",
    ]


@pytest.mark.django_db
def test_a_server_that_is_away_is_not_asked_for_every_mail(
    told_cast: Cast, mail_server: MailServer
) -> None:
    mail_server.stop()
    tell(told_cast, *(name for name in told_cast.accounts if name != "clerk"))
    with pytest.raises(mail.NotAllSent):
        work()
    assert sum(row.attempts for row in deliveries(told_cast).values()) == mail.SERVER_AWAY


@pytest.mark.django_db
def test_what_was_told_of_an_anonymised_row_is_forgotten(
    told_cast: Cast, mail_server: MailServer
) -> None:
    tell(told_cast, "grid_worker")
    with acting(told_cast.actor("clerk")):
        assert forget_subject(told_cast.street.pk) == 0
        assert forget_subject(told_cast.community.pk) == 2
    work()
    assert mail_server.mails == []


@pytest.mark.django_db
def test_a_reporter_without_an_account_is_written_to(
    told_cast: Cast, mail_server: MailServer
) -> None:
    with acting(told_cast.actor("resident")):
        for _again in range(2):
            tell_address(
                "auntie@cixi.example",
                verb=VERB,
                subject=told_cast.community,
                text=gettext_noop("Your report %(number)s was closed"),
                params={"number": "3302 8226"},
                url="/r/33028226/",
                at=AT,
                language="en",
            )
    work()
    assert mail_server.recipients == ["auntie@cixi.example"]
    assert "Your report 3302 8226 was closed" in text_of(mail_server.mails[0])
    assert "left this address with your report" in text_of(mail_server.mails[0])


@pytest.mark.django_db
def test_people_choose_e_mail_and_its_language(told_cast: Cast, mail_server: MailServer) -> None:
    from linli.platform.notices.kinds import kind_of

    with acting(told_cast.actor("secretary")) as actor:
        actions.prefer(actor=actor, kind=kind_of(VERB), in_app=True, email=False)
    with acting(told_cast.actor("grid_worker")) as actor:
        actions.prefer_language(actor=actor, language="en")
        actions.prefer_language(actor=actor, language="tlh")
    tell(told_cast, "secretary", "grid_worker", "street_officer")
    rows = deliveries(told_cast)
    assert {address: row.language for address, row in rows.items()} == {
        "grid_worker@cixi.example": "en",
        "street_officer@cixi.example": "zh-hans",
    }


@pytest.mark.django_db
def test_a_title_of_two_lines_makes_one_subject(told_cast: Cast, mail_server: MailServer) -> None:
    tell(told_cast, "grid_worker", body=gettext_noop("x"))
    with acting(told_cast.actor("system")):
        Delivery.objects.update(text="one\nBcc: all@cixi.example")
    work()
    assert mail_server.mails[0]["Bcc"] is None
    assert "one Bcc: all@cixi.example" in mail_server.mails[0]["Subject"]


@pytest.mark.django_db
def test_after_a_year_it_is_forgotten(told_cast: Cast, mail_server: MailServer) -> None:
    now = datetime.now(UTC)
    tell(told_cast, "grid_worker", at=now - timedelta(days=400))
    tell(told_cast, "grid_worker", at=now)
    forget_notices_later.now()
    with acting(told_cast.actor("system")):
        assert Notice.objects.count() == 1
        assert Delivery.objects.count() == 1
