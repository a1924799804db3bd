"""Bytes are written whole or not at all, and what belongs to no row is swept out."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from linli.kernel.errors import Unavailable
from linli.platform.access.models import Holding
from linli.platform.access.scope import acting
from linli.platform.files import store
from linli.platform.files.jobs import remove_orphans
from linli.platform.files.models import Attachment
from linli.platform.files.public import attach
from linli.platform.files.tests import samples
from linli.platform.files.tests.test_uploads import files_of_at_most
from tests.cast import Cast

AT = datetime(2026, 11, 20, 2, tzinfo=UTC)


def everything_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def tiny_disk(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A real file system of 64 KB."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("mounting a file system takes root")
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)],
        check=False,
        capture_output=True,
    )
    if done.returncode != 0:
        pytest.skip("this machine lets nobody mount a file system")
    settings.MEDIA_ROOT = folder
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_what_is_written_is_there_whole(media: Path) -> None:
    path = store.path_of("ab" * 32)
    store.write(path, [b"one", b"two"])
    assert path.read_bytes() == b"onetwo"
    assert everything_in(media) == [path]


def test_nothing_half_written_stays(media: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"one"
        raise OSError(5, "the disk broke")

    with pytest.raises(Unavailable):
        store.write(store.path_of("ab" * 32), pieces())
    assert everything_in(media) == []


@pytest.mark.django_db
@pytest.mark.parametrize("body", [samples.PDF + b"x" * 200_000, samples.photo(3000, 2000)])
def test_a_full_disk_leaves_neither_file_nor_row(
    cast: Cast, row: Holding, media: Path, body: bytes
) -> None:
    clerk = cast.actor("clerk")
    with acting(clerk):
        with files_of_at_most(20_000), override("en"), pytest.raises(Unavailable, match="room"):
            attach(row, samples.upload(body), by=clerk, at=AT)
        assert Attachment.objects.count() == 0
    assert everything_in(media) == []


@pytest.mark.django_db
def test_a_full_file_system_leaves_neither_file_nor_row(
    cast: Cast, row: Holding, tiny_disk: Path
) -> None:
    clerk = cast.actor("clerk")
    with acting(clerk):
        attach(row, samples.upload(samples.PDF), by=clerk, at=AT)
        with pytest.raises(Unavailable):
            attach(row, samples.upload(samples.PDF + b"x" * 200_000), by=clerk, at=AT)
        assert Attachment.objects.count() == 1
    assert len(everything_in(tiny_disk)) == 1


def test_a_read_only_store_is_said_as_no_room(settings: Any) -> None:
    settings.MEDIA_ROOT = "/proc/nowhere"
    with override("en"), pytest.raises(Unavailable, match="Nothing was"):
        store.write(store.path_of("ab" * 32), [b"x"])


def test_names_tell_nothing() -> None:
    from linli.kernel.ids import new_id

    one, other = (store.stored_name(new_id(), "0" * 64) for _again in range(2))
    assert one != other
    assert len(one) == 64


@pytest.mark.django_db
def test_orphans_a_day_old_are_swept_out(cast: Cast, row: Holding, media: Path) -> None:
    clerk = cast.actor("clerk")
    kept = attach(row, samples.upload(samples.photo()), by=clerk, at=AT)
    store.write(store.path_of("ab" * 32), [b"nobody's"])
    store.write(store.path_of("ab" * 32, 320), [b"nobody's"])
    store.write(store.path_of("cd" * 32), [b"just written"])
    part = store.path_of("ef" * 32).with_name(f".{'ef' * 32}.1234.part")
    store.write(part, [b"interrupted"])
    old = (datetime.now(UTC) - timedelta(hours=30)).timestamp()
    for path in everything_in(media):
        if "cd" * 32 not in path.name:
            os.utime(path, (old, old))
    assert remove_orphans() == 3
    assert store.path_of(kept.stored).exists()
    assert store.path_of(kept.stored, 320).exists()
    assert store.path_of("cd" * 32).exists()
    assert remove_orphans() == 0
