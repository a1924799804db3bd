"""A file is seen by whoever sees its row, clean, with the right headers, and by nobody else."""

from __future__ import annotations

import stat
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client

from linli.kernel.errors import LinliError, NotFound
from linli.platform.access.actor import Actor
from linli.platform.access.models import Holding
from linli.platform.access.scope import acting, open_subject
from linli.platform.changes.models import Entry
from linli.platform.files import reads, store
from linli.platform.files.jobs import scan_later, scan_left_over_later
from linli.platform.files.models import Attachment, State
from linli.platform.files.public import address, attach, attach_all, drop_of, follow, of, shown
from linli.platform.files.scan import ScannerFailed
from linli.platform.files.tests import samples
from tests.cast import Cast

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
BACKEND = "linli.platform.access.login.NameOrPhoneBackend"

pytestmark = pytest.mark.django_db


def status(client: Client, url: str) -> int:
    return client.get(url).status_code


def signed_in(cast: Cast, name: str) -> Client:
    client = Client()
    if name != "resident":
        client.force_login(cast.accounts[name], backend=BACKEND)
    return client


@pytest.fixture
def photo(cast: Cast, row: Holding) -> Attachment:
    return attach(row, samples.upload(samples.photo()), by=cast.actor("clerk"), at=AT)


@pytest.fixture
def document(cast: Cast, row: Holding) -> Attachment:
    body = samples.office()
    return attach(row, samples.upload(body, "会议纪要.docx"), by=cast.actor("clerk"), at=AT)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("clerk", 200),
        ("secretary", 200),
        ("street_officer", 200),
        ("city_officer", 200),
        ("other_clerk", 404),
        ("far_clerk", 404),
        ("urban_management", 404),
        ("stranger", 404),
        ("resident", 404),
    ],
)
def test_files_are_seen_with_their_row(
    cast: Cast, photo: Attachment, who: str, expected: int
) -> None:
    client = signed_in(cast, who)
    assert status(client, address(photo)) == expected
    assert status(client, address(photo, thumb=320)) == expected


def test_the_database_itself_hides_files_of_other_branches(cast: Cast, photo: Attachment) -> None:
    for who in ("far_clerk", "other_clerk", "stranger", "resident"):
        with acting(cast.actor(who)):
            assert Attachment.objects.count() == 0, who
    with acting(cast.actor("clerk")):
        assert Attachment.objects.count() == 1


def test_nobody_puts_a_file_on_a_row_out_of_sight(cast: Cast, row: Holding) -> None:
    with acting(cast.actor("far_clerk")) as actor:
        foreign = Attachment(
            owner_type="access.holding", owner_id=row.pk, name="x.pdf", media="application/pdf",
            size=1, sha256="0" * 64, stored="1" * 64, uploaded_at=AT, unit=row.unit,
            unit_key=row.unit_key, uploaded_by_id=actor.account_id,
        )  # fmt: skip
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            foreign.save(force_insert=True)


def test_a_resident_attaches_and_comes_back_with_the_number(cast: Cast, row: Holding) -> None:
    public = Actor.public(reference=str(row.pk))
    with acting(public):
        attached = attach(row, samples.upload(samples.photo()), by=public, at=AT, kind="report")
        assert [one.pk for one in of(row)] == [attached.pk]
        seen = shown(row, reference=str(row.pk))[0]
    assert attached.uploaded_by_id is None
    stranger = Client()
    assert status(stranger, seen.url) == 200
    assert status(stranger, seen.thumb) == 200
    assert status(stranger, address(attached)) == 404
    assert status(stranger, seen.url[:-2]) == 404
    other = address(attached, reference=str(uuid4()))
    assert status(stranger, other) == 404
    moved = seen.url.replace(str(attached.pk), str(uuid4()))
    assert status(stranger, moved) == 404


def test_photos_are_shown_and_kept_private(cast: Cast, photo: Attachment) -> None:
    client = signed_in(cast, "clerk")
    answer = client.get(address(photo))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"].startswith("private")
    assert "sandbox" in answer["Content-Security-Policy"]
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert samples.MAKER.encode() not in body
    thumb = client.get(address(photo, thumb=320))
    assert thumb["Content-Type"] == "image/webp"
    assert status(client, address(photo, thumb=777)) == 404

    again = client.get(address(photo), headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_documents_are_downloaded_and_the_taking_is_on_record(
    cast: Cast, row: Holding, document: Attachment
) -> None:
    client = signed_in(cast, "secretary")
    answer = client.get(address(document))
    assert answer["Content-Disposition"].startswith("attachment")
    assert "%E4%BC%9A%E8%AE%AE%E7%BA%AA%E8%A6%81.docx" in answer["Content-Disposition"]
    with acting(cast.actor("clerk")):
        entry = Entry.objects.get(subject_id=row.pk, verb="files.download")
    assert entry.account_id == cast.secretary.pk
    assert entry.facts["file"] == "会议纪要.docx"


def test_a_pdf_is_shown_by_the_browsers_own_viewer(cast: Cast, row: Holding) -> None:
    paper = attach(row, samples.upload(samples.PDF, "a.pdf"), by=cast.actor("clerk"), at=AT)
    answer = signed_in(cast, "clerk").get(address(paper))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline")
    assert "sandbox" not in answer.get("Content-Security-Policy", "")


def test_an_owner_nobody_declared_serves_nothing(cast: Cast) -> None:
    post = cast.post("clerk")
    lost = attach(post, samples.upload(samples.PDF), by=cast.actor("clerk"), at=AT)
    assert status(signed_in(cast, "clerk"), address(lost)) == 404


def test_bytes_that_are_gone_are_said_as_gone(cast: Cast, photo: Attachment) -> None:
    store.path_of(photo.stored).unlink()
    assert status(signed_in(cast, "clerk"), address(photo)) == 404


def test_all_are_checked_before_the_first_is_stored(cast: Cast, row: Holding, media: Path) -> None:
    clerk = cast.actor("clerk")
    uploads = [samples.upload(samples.photo()), samples.upload(samples.PROGRAM)]
    with pytest.raises(LinliError):
        attach_all(row, uploads, by=clerk, at=AT)
    assert not [path for path in media.rglob("*") if path.is_file()]
    assert len(attach_all(row, uploads[:1] * 2, by=clerk, at=AT)) == 2


def test_files_follow_their_row_to_another_unit(
    cast: Cast, row: Holding, photo: Attachment
) -> None:
    with acting(cast.actor("system")) as system:
        row.place_in(cast.far_community)
        row.save()
        assert follow(row, by=system) == 1
    assert status(signed_in(cast, "far_clerk"), address(photo)) == 200
    assert status(signed_in(cast, "secretary"), address(photo)) == 404


def test_files_go_with_their_row(
    cast: Cast, row: Holding, photo: Attachment, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True), acting(cast.actor("system")):
        assert drop_of(row.pk) == 1
        assert store.path_of(photo.stored).exists()
    assert not store.path_of(photo.stored).exists()
    assert not store.path_of(photo.stored, 320).exists()


def test_the_same_file_twice_is_two_files(cast: Cast, row: Holding, photo: Attachment) -> None:
    other = attach(row, samples.upload(samples.photo()), by=cast.actor("clerk"), at=AT)
    assert other.stored != photo.stored
    assert other.sha256 == photo.sha256


def scanner(folder: Path, code: int) -> str:
    """A scanner that tells what it was given and answers `code`."""
    script = folder / "scanner.py"
    script.write_text(f"import sys\nopen(sys.argv[-1], 'rb').read(4)\nsys.exit({code})\n")
    script.chmod(stat.S_IRWXU)
    return f"{sys.executable} {script}"


def queued() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE %s", ["%scan_later"]
        )
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("code", [0, 1])
def test_a_file_is_served_after_the_virus_check_and_only_clean(
    cast: Cast, row: Holding, settings: Any, tmp_path: Path, code: int
) -> None:
    state, served = [(State.READY, 200), (State.INFECTED, 404)][code]
    settings.VIRUS_SCAN = scanner(tmp_path, code)
    clerk = cast.actor("clerk")
    attached = attach(row, samples.upload(samples.photo()), by=clerk, at=AT)
    assert attached.state == State.PENDING
    assert queued() == 1
    client = signed_in(cast, "clerk")
    assert status(client, address(attached)) == 503
    with acting(clerk):
        assert shown(row)[0].url == ""

    scan_later.now(attachment_ids=[str(attached.pk)])
    with acting(clerk):
        assert of(row)[0].state == state
    assert status(client, address(attached)) == served
    assert store.path_of(attached.stored).exists() == (served == 200)


@pytest.mark.parametrize("command", ["/nowhere/scanner", "a scanner in trouble"])
def test_a_scanner_that_does_not_work_lets_nothing_through(
    cast: Cast, row: Holding, settings: Any, tmp_path: Path, command: str
) -> None:
    settings.VIRUS_SCAN = command if command.startswith("/") else scanner(tmp_path, 2)
    clerk = cast.actor("clerk")
    attached = attach(row, samples.upload(samples.photo()), by=clerk, at=AT)
    with pytest.raises(ScannerFailed):
        scan_later.now(attachment_ids=[str(attached.pk)])
    scan_left_over_later.now()
    with acting(clerk):
        assert of(row)[0].state == State.PENDING
    settings.VIRUS_SCAN = scanner(tmp_path, 0)
    scan_left_over_later.now()
    with acting(clerk):
        assert of(row)[0].state == State.READY


def test_a_foreign_subject_opens_its_own_files_only(
    cast: Cast, row: Holding, photo: Attachment
) -> None:
    with acting(cast.actor("far_clerk")):
        open_subject(row.pk)
        assert Attachment.objects.count() == 1
        open_subject(uuid4())
        assert Attachment.objects.count() == 0
        with pytest.raises(NotFound):
            reads.get(cast.actor("far_clerk"), photo.pk)
