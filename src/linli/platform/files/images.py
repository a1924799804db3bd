"""Photos: checked, turned upright, freed of what the camera wrote into them, made small twice."""

from __future__ import annotations

import io
import threading
import warnings
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from linli.kernel.errors import Invalid
from linli.platform.files.contents import DAMAGED
from linli.platform.files.models import Media

# 64 million pixels: cameras of common phones stay below. Only a JPEG is unpacked at a part of its
# size; the others stand in memory whole (4 bytes a pixel).
MOST_PIXELS = {Media.JPEG: 64_000_000, Media.PNG: 25_000_000, Media.WEBP: 25_000_000}
# The longer side of what is kept; house numbers and faces of meters stay legible.
LONGEST_SIDE = 4096
THUMBS = (320, 1280)
QUALITY, THUMB_QUALITY = 88, 80
FORMATS = {Media.JPEG: "JPEG", Media.PNG: "PNG", Media.WEBP: "WEBP"}
KEPT_MODES = frozenset({"RGB", "RGBA", "L", "LA"})

# One photo at a time a process: unpacked photos are what could fill its memory.
_one_at_a_time = threading.Semaphore(1)


@dataclass(frozen=True, slots=True)
class Photo:
    """What is stored of a photo: itself and its thumbnails by longest side, all free of EXIF."""

    body: bytes
    thumbs: dict[int, bytes]
    width: int
    height: int


def clean(file: IO[bytes], media: Media, *, field: str = "files") -> Photo:
    """Decode, turn upright, drop all metadata (place, time, camera, owner), encode again.

    Raises `Invalid` for damaged photos and for more pixels than `MOST_PIXELS`.
    """
    with _one_at_a_time, warnings.catch_warnings():
        # The limit is ours, checked before anything is unpacked.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            return _clean(file, media, field)
        except Image.DecompressionBombError as error:
            raise too_large(field, media) from error
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            raise Invalid(field, DAMAGED) from error


def too_large(field: str, media: Media) -> Invalid:
    """The sentence for a photo of too many pixels."""
    return Invalid(
        field,
        _(
            "This photo has more than %(millions)s million pixels. Set the camera to its usual "
            "size, or send a smaller copy."
        ),
        millions=MOST_PIXELS[media] // 1_000_000,
    )


def _clean(file: IO[bytes], media: Media, field: str) -> Photo:
    file.seek(0)
    with Image.open(file, formats=[FORMATS[media]]) as opened:
        if opened.width * opened.height > MOST_PIXELS[media]:
            raise too_large(field, media)
        if media == Media.JPEG:
            opened.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
        opened.load()
        image: Image.Image = ImageOps.exif_transpose(opened)
        profile = opened.info.get("icc_profile")
    if image.mode not in KEPT_MODES:
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    if max(image.size) > LONGEST_SIDE:
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # Whatever the file said about itself ends here; only its colours are still described.
    image.info = {}
    body = _encoded(image, media, profile)
    thumbs = {side: _thumb(image, side, profile) for side in sorted(THUMBS, reverse=True)}
    return Photo(body=body, thumbs=thumbs, width=image.width, height=image.height)


def _encoded(image: Image.Image, media: Media, profile: bytes | None) -> bytes:
    out = io.BytesIO()
    if media == Media.JPEG:
        plain = image if image.mode in ("RGB", "L") else image.convert("RGB")
        plain.save(out, "JPEG", quality=QUALITY, icc_profile=profile)
    elif media == Media.PNG:
        image.save(out, "PNG", icc_profile=profile)
    else:
        image.save(out, "WEBP", quality=QUALITY, method=2, icc_profile=profile or b"")
    return out.getvalue()


def _thumb(image: Image.Image, side: int, profile: bytes | None) -> bytes:
    small = image.copy() if max(image.size) <= side else _reduced(image, side)
    out = io.BytesIO()
    small.save(out, "WEBP", quality=THUMB_QUALITY, method=2, icc_profile=profile or b"")
    return out.getvalue()


def _reduced(image: Image.Image, side: int) -> Image.Image:
    factor = side / max(image.size)
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
