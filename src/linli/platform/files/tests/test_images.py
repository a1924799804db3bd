"""Photos lose what the camera wrote into them, stand upright, and become small twice."""

from __future__ import annotations

import io
import tracemalloc

import pytest
from django.utils.translation import override
from PIL import Image

from linli.kernel.errors import Invalid
from linli.platform.files import images
from linli.platform.files.models import Media
from linli.platform.files.tests import samples


def opened(body: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(body))
    image.load()
    return image


def test_place_camera_and_comment_are_gone() -> None:
    raw = samples.photo()
    assert opened(raw).getexif().get_ifd(samples.GPS)
    photo = images.clean(io.BytesIO(raw), Media.JPEG)
    for body in (photo.body, *photo.thumbs.values()):
        image = opened(body)
        assert dict(image.getexif()) == {}
        assert not image.getexif().get_ifd(samples.GPS)
        assert samples.MAKER.encode() not in body
        assert b"taken at home" not in body
        assert b"Exif" not in body


def test_a_photo_taken_sideways_stands_upright() -> None:
    photo = images.clean(io.BytesIO(samples.photo(640, 400, orientation=6)), Media.JPEG)
    assert (photo.width, photo.height) == (400, 640)
    image = opened(photo.body).convert("RGB")
    assert image.getpixel((200, 100))[0] > 150  # type: ignore[index]  # red is on top now
    assert image.getpixel((200, 540))[2] > 150  # type: ignore[index]


def test_notes_in_a_png_and_xmp_in_a_webp_are_gone() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "Auntie Wang")
    png = samples.encoded(samples.picture(), "PNG", pnginfo=info)
    webp = samples.encoded(samples.picture(), "WEBP", xmp=b"<x>Auntie Wang</x>")
    for raw, media in ((png, Media.PNG), (webp, Media.WEBP)):
        assert b"Auntie Wang" in raw
        photo = images.clean(io.BytesIO(raw), media)
        assert b"Auntie Wang" not in photo.body
        assert all(b"Auntie Wang" not in thumb for thumb in photo.thumbs.values())


def test_thumbnails_have_their_sizes_and_small_ones_do_not_grow() -> None:
    photo = images.clean(io.BytesIO(samples.photo(3000, 2000)), Media.JPEG)
    assert {side: opened(body).size for side, body in photo.thumbs.items()} == {
        320: (320, 213),
        1280: (1280, 853),
    }
    assert {opened(body).format for body in photo.thumbs.values()} == {"WEBP"}
    small = images.clean(io.BytesIO(samples.photo(100, 80)), Media.JPEG)
    assert {opened(body).size for body in small.thumbs.values()} == {(100, 80)}


def test_large_photos_are_kept_at_a_reasonable_size() -> None:
    photo = images.clean(io.BytesIO(samples.photo(6000, 4000)), Media.JPEG)
    assert max(photo.width, photo.height) <= images.LONGEST_SIDE
    assert max(photo.width, photo.height) >= 3000


@pytest.mark.parametrize("mode", ["L", "CMYK", "1", "P", "RGBA", "LA", "I;16"])
def test_every_colour_mode_becomes_a_picture(mode: str) -> None:
    image = (
        Image.new("I;16", (60, 40), 3000) if mode == "I;16" else samples.picture(60, 40, mode=mode)
    )
    kind = "JPEG" if mode == "CMYK" else "PNG"
    raw = samples.encoded(image, kind)
    photo = images.clean(io.BytesIO(raw), Media.JPEG if mode == "CMYK" else Media.PNG)
    assert opened(photo.thumbs[320]).size == (60, 40)


@pytest.mark.parametrize(("width", "height"), [(30_000, 30_000), (6_000, 6_000)])
def test_a_bomb_of_pixels_is_refused_before_it_unpacks(width: int, height: int) -> None:
    body = io.BytesIO(samples.png_header(width, height))
    tracemalloc.start()
    with override("en"), pytest.raises(Invalid, match="million pixels"):
        images.clean(body, Media.PNG)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000
