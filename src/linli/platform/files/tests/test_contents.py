"""What is taken and what is refused, by content; the name never counts."""

from __future__ import annotations

import io
import struct

import pytest
from django.utils.translation import override

from linli.kernel.errors import Invalid
from linli.platform.files import contents
from linli.platform.files.actions import check_upload, clean_name
from linli.platform.files.models import Media
from linli.platform.files.tests import samples


@pytest.mark.parametrize(
    ("body", "media"),
    [
        (samples.photo(), Media.JPEG),
        (samples.encoded(samples.picture(), "PNG"), Media.PNG),
        (samples.encoded(samples.picture(), "WEBP"), Media.WEBP),
        (samples.PDF, Media.PDF),
        (b"\n\n" + samples.PDF, Media.PDF),
        (samples.office("word/document.xml"), Media.DOCX),
        (samples.office("xl/workbook.xml"), Media.XLSX),
        (samples.office("ppt/presentation.xml"), Media.PPTX),
        (samples.old_office("Root Entry", "WordDocument"), Media.DOC),
        (samples.old_office("Root Entry", "Workbook"), Media.XLS),
    ],
)
def test_what_people_send_is_known_by_its_content(body: bytes, media: Media) -> None:
    checked = check_upload(samples.upload(body, "program.exe", "application/x-msdownload"))
    assert checked.media == media
    assert checked.name.startswith("program.")
    assert not checked.name.endswith(".exe")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (samples.PROGRAM, "a program"),
        (b"\x7fELF" + b"\x00" * 100, "a program"),
        (samples.SVG, "SVG"),
        (samples.HTML, "a web page"),
        (samples.HEIC, "HEIC"),
        (b"", "empty"),
        (b"just words", "no photo, PDF"),
        (b"GIF89a" + b"\x00" * 100, "no photo, PDF"),
        (samples.archive_of(readme=b"x"), "ZIP"),
        (samples.old_office("Root Entry"), "no photo, PDF"),
        (samples.old_office("WordDocument", "_VBA_PROJECT"), "macros"),
        (samples.old_office("EncryptedPackage"), "password"),
        (b"PK\x03\x04" + b"\x00" * 300, "damaged"),
        (samples.photo()[:800], "damaged"),
        (samples.png_header(200, 200), "damaged"),
        (b"\xff\xd8\xff\xe0" + samples.PROGRAM, "damaged"),
    ],
)
def test_everything_else_is_refused_in_a_sentence(body: bytes, words: str) -> None:
    with override("en"), pytest.raises(Invalid) as caught:
        check_upload(samples.upload(body), field="photos")
    with override("en"):
        assert words in caught.value.faults["photos"]


def test_macros_are_refused() -> None:
    body = samples.office("word/document.xml", **{"word__vbaProject.bin": b"x"})
    with override("en"), pytest.raises(Invalid, match="macros"):
        check_upload(samples.upload(body, "minutes.docx"))


def test_a_protected_office_file_is_refused() -> None:
    body = bytearray(samples.office())
    where = body.rindex(b"PK\x01\x02")  # the last entry of the directory: its flags are at 8
    struct.pack_into("<H", body, where + 8, 1)
    with override("en"), pytest.raises(Invalid, match="password"):
        check_upload(samples.upload(bytes(body)))


def test_a_zip_bomb_is_refused_unopened() -> None:
    body = samples.office(word__media=b"\x00" * 20_000_000)
    assert len(body) < 30_000
    with override("en"), pytest.raises(Invalid, match="enormous"):
        check_upload(samples.upload(body, "minutes.docx"))


def test_parts_that_share_their_bytes_are_a_bomb() -> None:
    body = bytearray(samples.office(word__a=b"a" * 500, word__b=b"b" * 500))
    first = body.index(b"PK\x01\x02")
    last = body.rindex(b"PK\x01\x02")
    body[last + 42 : last + 46] = body[first + 42 : first + 46]  # where the part begins
    with override("en"), pytest.raises(Invalid, match="enormous"):
        contents.kind_of(io.BytesIO(bytes(body)))


def test_only_photos_where_only_photos_are_asked_for() -> None:
    with override("en"), pytest.raises(Invalid, match="Only photos"):
        check_upload(samples.upload(samples.PDF), images_only=True)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("IMG_0001.JPG", "IMG_0001.jpg"),
        ("invoice.pdf.exe", "invoice.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\wang\\照片 1.jpeg", "照片 1.jpg"),
        ("photo\u202egpj.exe", "photogpj.jpg"),
        ("a\r\nContent-Type: text/html", "html.jpg"),
        ("", "file.jpg"),
        ("...", "file.jpg"),
        ("x" * 300 + ".png", "x" * 116 + ".jpg"),
        ("消防通道.第2张.png", "消防通道.第2张.jpg"),
    ],
)
def test_names_are_made_harmless(name: str, shown: str) -> None:
    assert clean_name(name, Media.JPEG) == shown
