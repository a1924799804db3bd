"""Where the browser's files come from: our own, and a white list out of node_modules."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
LINLI = PACKAGE.parents[1]
ROOT = next((p for p in LINLI.parents if (p / "pyproject.toml").exists()), LINLI.parent)
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
    """Twelve hex digits over all that decides what is served, for addresses cached for ever.

    The digits stand in the path (/static/<fingerprint>/…) and not in file names, so that JavaScript
    modules may import one another by relative address.
    """
    digest = hashlib.sha256()
    own = sorted(path for path in LINLI.glob("**/static/**/*") if path.is_file())
    for path in [*own, ICON_LIST, ROOT / "package-lock.json"]:
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
