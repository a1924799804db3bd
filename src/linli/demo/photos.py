"""Drawn photographs: a lane with a van, and the lane free again. Nobody's picture."""

from __future__ import annotations

import random
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFilter

SIZE = (1280, 960)
SKIES = ((188, 206, 222), (206, 214, 218), (172, 192, 214))
WALLS = ((214, 203, 186), (198, 190, 180), (224, 214, 198))
PAINTS = ((236, 236, 232), (58, 84, 132), (150, 40, 40), (196, 198, 200))


def lane(seed: int, *, blocked: bool) -> SimpleUploadedFile:
    """A JPEG of a lane between two houses, with or without a van in it."""
    dice = random.Random(seed)
    image = Image.new("RGB", SIZE, dice.choice(SKIES))
    draw = ImageDraw.Draw(image)
    wall = dice.choice(WALLS)
    draw.polygon([(0, 90), (430, 330), (430, 640), (0, 960)], fill=wall)
    draw.polygon([(1280, 60), (850, 330), (850, 640), (1280, 960)], fill=_darker(wall, 14))
    draw.polygon([(430, 640), (850, 640), (1280, 960), (0, 960)], fill=(112, 114, 116))
    for floor in range(4):
        for column in range(3):
            x, y = 40 + column * 130, 170 + floor * 130 + column * 34
            draw.polygon(
                [(x, y), (x + 76, y + 20), (x + 76, y + 88), (x, y + 74)], fill=(96, 118, 136)
            )
            draw.rectangle([900 + column * 124, y, 972 + column * 124, y + 70], fill=(92, 112, 130))
    for stripe in range(6):
        y = 664 + stripe * 50
        width = 10 + stripe * 6
        draw.line([(640 - width * 4, y), (640 + width * 4, y)], fill=(226, 196, 60), width=5)
    if blocked:
        _van(draw, dice)
    grain = Image.effect_noise(SIZE, 14).convert("RGB")
    image = Image.blend(image.filter(ImageFilter.GaussianBlur(1.2)), grain, 0.06)
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=82)
    name = "通道被堵.jpg" if blocked else "已挪走.jpg"
    return SimpleUploadedFile(name, buffer.getvalue(), content_type="image/jpeg")


def _van(draw: ImageDraw.ImageDraw, dice: random.Random) -> None:
    left, paint = 440 + dice.randint(0, 90), dice.choice(PAINTS)
    draw.ellipse([left - 20, 800, left + 390, 860], fill=(74, 76, 78))
    draw.rounded_rectangle([left, 470, left + 370, 820], radius=34, fill=paint)
    draw.rounded_rectangle([left + 34, 505, left + 336, 610], radius=16, fill=(46, 58, 70))
    draw.rectangle([left + 20, 690, left + 80, 724], fill=(190, 44, 40))
    draw.rectangle([left + 290, 690, left + 350, 724], fill=(190, 44, 40))
    draw.rectangle([left + 125, 726, left + 245, 762], fill=(36, 84, 168))
    draw.text((left + 140, 734), "DEMO", fill=(240, 240, 240), font_size=22)
    for wheel in (left + 30, left + 280):
        draw.ellipse([wheel, 780, wheel + 60, 846], fill=(30, 30, 32))


def _darker(colour: tuple[int, int, int], by: int) -> tuple[int, int, int]:
    red, green, blue = colour
    return red - by, green - by, blue - by
