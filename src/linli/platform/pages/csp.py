"""What a browser may load for our pages: our own files only, nothing inline."""

from __future__ import annotations

from typing import Any

from csp.constants import NONE, SELF


def policy(raster_sources: tuple[str, ...] = ()) -> dict[str, Any]:
    """The content security policy for django-csp.

    `raster_sources` are origins of a configured map background. Blob images are previews of chosen
    photos. MapLibre's worker comes from our own address, so no blob worker is needed.
    """
    return {
        "DIRECTIVES": {
            "default-src": [NONE],
            "script-src": [SELF],
            "style-src": [SELF],
            "img-src": [SELF, "data:", "blob:", *raster_sources],
            "font-src": [SELF],
            "connect-src": [SELF, *raster_sources],
            "worker-src": [SELF],
            "manifest-src": [SELF],
            "media-src": [SELF],
            "form-action": [SELF],
            "frame-ancestors": [NONE],
            "base-uri": [NONE],
            "object-src": [NONE],
        }
    }


CONTENT_SECURITY_POLICY = policy()
