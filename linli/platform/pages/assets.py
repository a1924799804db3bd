"""Where the browser's files come from: our own, and a white list out of node_modules."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parents[2]
NODE_MODULES = Path(os.environ.get("LINLI_NODE_MODULES", ROOT / "node_modules"))
ICON_LIST = PACKAGE / "icons.txt"
ICON_SOURCE = NODE_MODULES / "@tabler" / "icons" / "icons"
SPRITE = NODE_MODULES / ".linli" / "icons.svg"

VENDOR: dict[str, str] = {
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "tom-select.js": "tom-select/dist/js/tom-select.complete.min.js",
    "tom-select.css": "tom-select/dist/css/tom-select.css",
    "echarts.js": "echarts/dist/echarts.esm.min.mjs",
    "pmtiles.js": "pmtiles/dist/pmtiles.js",
    "maplibre/maplibre-gl.js": "maplibre-gl/dist/maplibre-gl.mjs",
    "maplibre/maplibre-gl-worker.js": "maplibre-gl/dist/maplibre-gl-worker.mjs",
    "maplibre/maplibre-gl.css": "maplibre-gl/dist/maplibre-gl.css",
    "icons.svg": ".linli/icons.svg",
}
"""Address under /static/vendor/ → file under node_modules. Modules are served as .js on purpose:
every server knows that ending's media type."""


def missing() -> list[str]:
    """Vendor files not fetched yet; empty when set-up has done its work."""
    return [path for path in VENDOR.values() if not (NODE_MODULES / path).is_file()]


def fingerprint() -> str:
    """Twelve hex digits over every file served, for an address that may be cached for ever.

    The fingerprint is in the path (/static/<fingerprint>/…), so JavaScript modules may import one
    another by relative address, which renamed files would break.
    """
    digest = hashlib.sha256()
    own = sorted(path for path in PACKAGE.parents[1].glob("**/static/**/*") if path.is_file())
    for path in own:
        digest.update(str(path.relative_to(PACKAGE.parents[1])).encode())
        digest.update(path.read_bytes())
    for path in sorted(NODE_MODULES / name for name in VENDOR.values()):
        if path.is_file():
            digest.update(f"{path.name}:{path.stat().st_size}".encode())
    if SPRITE.is_file():
        digest.update(SPRITE.read_bytes())
    return digest.hexdigest()[:12]
