"""The address a request comes from."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104  # nosec B104 - a mark in lists, nothing listens there


def client_address(request: HttpRequest) -> str:
    """The client's IP address: the peer's, or as many steps back in X-Forwarded-For as there are
    reverse proxies of ours (`PROXIES`); what a client writes there itself is never believed."""
    peer = str(request.META.get("REMOTE_ADDR") or "")
    proxies = int(getattr(settings, "PROXIES", 0))
    if proxies:
        told = str(request.META.get("HTTP_X_FORWARDED_FOR") or "")
        chain = [part.strip() for part in told.split(",") if part.strip()]
        if len(chain) >= proxies:
            peer = chain[-proxies]
    try:
        return str(ipaddress.ip_address(peer))
    except ValueError:
        return UNKNOWN
