"""Which sign stands for which kind, so that one finds it without reading."""

from __future__ import annotations

from linli.modules.cases.models import Category

GROUPS = {
    "A": "alert-triangle",
    "B": "recycle",
    "C": "tools",
    "D": "speakerphone",
    "E": "parking",
    "F": "building-estate",
    "G": "messages",
    "H": "shield",
    "I": "heart-handshake",
    "J": "bulb",
}
KINDS = {
    "A01": "flame", "A02": "bolt", "A03": "flame", "A04": "building", "A05": "elevator",
    "A07": "bolt", "A08": "traffic-cone", "B01": "trash", "B02": "traffic-cone", "B03": "stack-2",
    "B04": "news", "B05": "building", "B06": "leaf", "B07": "door", "B08": "recycle",
    "C01": "road", "C02": "bulb", "C03": "droplet", "C04": "bolt", "C05": "tree",
    "C06": "accessible", "D01": "home-2", "D02": "traffic-cone", "D03": "building-store",
    "D04": "home-heart", "E01": "car", "E02": "lock", "E03": "parking", "E04": "road",
    "F02": "coin-yuan", "F03": "users-group", "F04": "wallet", "F05": "door",
    "G01": "users", "G02": "home-heart", "G03": "building-estate", "G04": "key",
    "G05": "briefcase", "G06": "building", "G07": "first-aid-kit", "G08": "users-group",
    "H01": "user-search", "H02": "fingerprint", "H04": "key", "H05": "user-plus",
    "I01": "user", "I03": "accessible", "I04": "friends", "I05": "briefcase",
    "I06": "first-aid-kit", "J01": "help", "J03": "message-report", "J04": "thumb-up",
}  # fmt: skip


def sign(category: Category) -> str:
    """The icon of a kind; that of its group when it has none of its own."""
    return KINDS.get(category.code) or group_sign(category.group_code)


def group_sign(code: str) -> str:
    """The icon of a group of kinds."""
    return GROUPS.get(code, "message-report")
