"""What a file is by its content; its name and what the browser says count for nothing."""

from __future__ import annotations

import zipfile
from typing import IO
from zipfile import ZipFile, ZipInfo

import puremagic
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Invalid
from linli.platform.files.models import Media

HEAD = 1024
MEGABYTE = 1024 * 1024

# An Office file of more parts, or of more bytes unpacked, is not written by people.
MOST_PARTS = 10_000
MOST_UNPACKED = 300 * MEGABYTE
MOST_RATIO = 200
# Small files may well be packed tightly.
RATIO_COUNTS_FROM = 5 * MEGABYTE
MOST_SCANNED = 64 * MEGABYTE

OFFICE_PARTS = {
    "word/document.xml": Media.DOCX,
    "xl/workbook.xml": Media.XLSX,
    "ppt/presentation.xml": Media.PPTX,
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_STREAMS = {
    "WordDocument": Media.DOC,
    "Workbook": Media.XLS,
}
HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis", b"avif"})


class NotTaken(Invalid):
    """A kind of file that nobody may upload."""


def kind_of(file: IO[bytes], *, field: str = "files") -> Media:
    """The type of the content; raises `Invalid` at `field` for anything that is not taken."""
    file.seek(0)
    head = file.read(HEAD)
    if not head:
        raise Invalid(field, _("This file is empty. Choose it again."))
    if head.startswith(b"\xff\xd8\xff"):
        return Media.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Media.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Media.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS:
        raise Invalid(field, HEIF)
    if b"%PDF-" in head:
        return Media.PDF
    if head.startswith(b"PK\x03\x04"):
        return _office(file, field)
    if head.startswith(OLE):
        return _old_office(file, field)
    raise NotTaken(field, NOT_TAKEN, what=looks_like(head))


HEIF = _(
    "Photos in the HEIC format cannot be shown everywhere and are not taken. Set the camera to "
    "“Most compatible”, or send a screenshot of the photo."
)
NOT_TAKEN = _(
    "This is no photo, PDF, Word, Excel or PowerPoint file, whatever its name says "
    "(content: %(what)s)."
)
DAMAGED = _("This file is damaged or incomplete. Save or export it again and choose the new one.")
MACROS = _("This Office file contains macros. Save it without macros and choose the new one.")
LOCKED = _("This file is protected by a password. Save it without and choose the new one.")
BOMB = _("This file would unpack to an enormous size and is not taken.")


def looks_like(head: bytes) -> str | Promise:
    """What the content seems to be, as a short word for a person."""
    if head.startswith((b"MZ", b"\x7fELF")):
        return _("a program")
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<svg", b"<?xml")) and b"<svg" in text:
        return _("an SVG drawing")
    if text.startswith((b"<!doctype html", b"<html", b"<script", b"<?xml")):
        return _("a web page")
    try:
        suffix = puremagic.from_string(head)
    except puremagic.PureError:
        return _("unknown")
    return suffix.lstrip(".").upper() or _("unknown")


def _office(file: IO[bytes], field: str) -> Media:
    try:
        with ZipFile(file) as archive:
            parts = archive.infolist()
            _refuse_bomb(parts, field)
            names = {part.filename for part in parts}
            if any(part.flag_bits & 1 for part in parts):
                raise Invalid(field, LOCKED)
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise Invalid(field, MACROS)
            for name, media in OFFICE_PARTS.items():
                if name in names and "[Content_Types].xml" in names:
                    archive.read("[Content_Types].xml")
                    return media
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise Invalid(field, DAMAGED) from error
    raise NotTaken(field, NOT_TAKEN, what="ZIP")


def _refuse_bomb(parts: list[ZipInfo], field: str) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    dense = unpacked > RATIO_COUNTS_FROM and unpacked > MOST_RATIO * max(packed, 1)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or dense:
        raise Invalid(field, BOMB)
    # Parts that share their bytes are a bomb of another make.
    ends_at = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset < ends_at:
            raise Invalid(field, BOMB)
        ends_at = part.header_offset + part.compress_size
    listed = next((part for part in parts if part.filename == "[Content_Types].xml"), None)
    if listed is not None and listed.file_size > MEGABYTE:
        raise Invalid(field, BOMB)


def _old_office(file: IO[bytes], field: str) -> Media:
    file.seek(0)
    body = file.read(MOST_SCANNED)
    if _utf16("EncryptedPackage") in body:
        raise Invalid(field, LOCKED)
    if _utf16("_VBA_PROJECT") in body:
        raise Invalid(field, MACROS)
    for stream, media in OLE_STREAMS.items():
        if _utf16(stream) in body:
            return media
    raise NotTaken(field, NOT_TAKEN, what="OLE")


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le")
