"""Uploads are streamed and counted; what is too large is refused before it fills memory or disk."""

from __future__ import annotations

import io
import resource
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.handlers.wsgi import WSGIRequest
from django.utils.translation import override

from linli.kernel.errors import Invalid, Unavailable
from linli.platform.files.public import check_upload, check_uploads
from linli.platform.files.tests import samples
from linli.platform.files.uploads import RefusedUpload

MB = 1024 * 1024
EDGE = "edge"


class Stream(io.RawIOBase):
    """A request body made as it is read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self.pieces, self.left = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.left = self.left or next(self.pieces, b"")
        taken = self.left[: len(buffer)]
        self.left = self.left[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)


def head(name: str) -> bytes:
    return (
        f'--{EDGE}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    ).encode()


def request_with(*files: tuple[str, bytes, int]) -> WSGIRequest:
    """Each file: its name, its beginning, and how many MB of noise follow."""

    def pieces() -> Iterator[bytes]:
        for name, body, more in files:
            yield head(name)
            yield body
            for _megabyte in range(more):
                yield b"\x55" * MB
            yield b"\r\n"
        yield f"--{EDGE}--\r\n".encode()

    length = sum(len(head(name)) + len(body) + more * MB + 2 for name, body, more in files)
    return WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/",
            "CONTENT_TYPE": f"multipart/form-data; boundary={EDGE}",
            "CONTENT_LENGTH": str(length + len(EDGE) + 6),
            "wsgi.input": io.BufferedReader(Stream(pieces())),
        }
    )


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """The kernel refuses to write files larger than `size` bytes, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_photo_of_40_mb_is_refused_in_a_sentence_and_never_in_memory() -> None:
    tracemalloc.start()
    request = request_with(("large.jpg", samples.photo(), 40))
    found = request.FILES["files"]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(found, RefusedUpload)
    assert peak < 12 * MB
    with override("en"), pytest.raises(Invalid) as caught:
        check_upload(found, field="photos")
    with override("en"):
        sentence = caught.value.faults["photos"]
    assert "large.jpg" in sentence
    assert "41 MB" in sentence
    assert "20 MB" in sentence


def test_a_good_photo_beside_a_large_one_arrives() -> None:
    good = samples.photo()
    request = request_with(("good.jpg", good, 0), ("large.jpg", good, 25), ("also.jpg", good, 0))
    first, large, third = request.FILES.getlist("files")
    assert first.read() == third.read() == good
    assert isinstance(large, RefusedUpload)


def test_all_files_of_a_request_have_a_limit_together(settings: Any) -> None:
    settings.UPLOAD_LIMIT, settings.UPLOADS_AT_ONCE = MB + 100, 3
    request = request_with(*[("one.jpg", b"y", 1)] * 7)
    found = request.FILES.getlist("files")
    assert len(found) == 7
    with override("en"), pytest.raises(Invalid, match="together"):
        check_upload(found[-1])


def test_an_absurd_request_is_refused_unread(settings: Any) -> None:
    settings.UPLOAD_LIMIT, settings.UPLOADS_AT_ONCE = 1000, 1
    request = request_with(("a.jpg", b"x", 20))
    with pytest.raises(RequestDataTooBig):
        request.FILES  # noqa: B018  reading is what is tested


def test_too_many_files_at_once(settings: Any) -> None:
    settings.UPLOADS_AT_ONCE = 2
    with override("en"), pytest.raises(Invalid, match="At most 2"):
        check_uploads([samples.upload(samples.PDF)] * 3)


def test_no_room_for_the_upload_itself_is_said_as_such() -> None:
    request = request_with(("a.jpg", samples.photo(), 2))
    with files_of_at_most(100_000):
        found = request.FILES["files"]
    assert isinstance(found, RefusedUpload)
    with override("en"), pytest.raises(Unavailable, match="no room"):
        check_upload(found)


def test_no_temporary_file_stays_behind(settings: Any, tmp_path: Any) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    request = request_with(("large.jpg", b"x", 25), ("good.jpg", samples.photo(), 0))
    assert len(request.FILES.getlist("files")) == 2
    request.close()
    assert list(tmp_path.iterdir()) == []
