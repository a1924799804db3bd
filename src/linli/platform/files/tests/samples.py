"""Files as people send them, good and bad."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"
PROGRAM = b"MZ\x90\x00\x03" + b"\x00" * 500
SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
)
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 100
ORIENTATION, GPS, MAKE, MAKER = 0x0112, 0x8825, 0x010F, "Camera of Auntie Wang"


def upload(body: bytes, name: str = "photo.jpg", media: str = "image/jpeg") -> SimpleUploadedFile:
    """As it arrives in a view."""
    return SimpleUploadedFile(name, body, content_type=media)


def picture(width: int = 640, height: int = 400, *, mode: str = "RGB") -> Image.Image:
    """A picture whose left half is red, right half blue."""
    image = Image.new("RGB", (width, height), (220, 20, 20))
    image.paste((20, 20, 220), (width // 2, 0, width, height))
    return image.convert(mode)


def encoded(image: Image.Image, format: str = "JPEG", **options: Any) -> bytes:  # noqa: A002
    """The bytes of a picture."""
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def photo(width: int = 640, height: int = 400, *, orientation: int = 1) -> bytes:
    """A JPEG that tells where it was taken, by which camera, and how it was held."""
    image = picture(width, height)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKE] = MAKER
    exif.get_ifd(GPS).update({1: "N", 2: (30.0, 10.0, 12.5), 3: "E", 4: (121.0, 15.0, 55.8)})
    return encoded(image, exif=exif, comment=b"taken at home", quality=92)


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is this large, and is not."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body
            + struct.pack(">I", zlib.crc32(kind + body))
        )  # fmt: skip

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\x00" * 1000))
        + chunk(b"IEND", b"")
    )


def office(main: str = "word/document.xml", /, **parts: bytes) -> bytes:
    """An Office file; further parts by name ("__" for "/")."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(main, "<document/>")
        for name, body in parts.items():
            archive.writestr(name.replace("__", "/"), body)
    return out.getvalue()


def archive_of(**parts: bytes) -> bytes:
    """A ZIP that is no Office file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return out.getvalue()


def old_office(*streams: str) -> bytes:
    """An Office file of before 2007, with the names of its streams."""
    names = b"".join(stream.encode("utf-16-le").ljust(64, b"\x00") for stream in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + names
