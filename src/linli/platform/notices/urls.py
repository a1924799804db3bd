"""Addresses of one's own notices; the site includes them under /desk/notices/."""

from __future__ import annotations

from django.urls import path

from linli.platform.notices import pages

app_name = "notices"

urlpatterns = [
    path("", pages.notices, name="list"),
    path("read/", pages.read_all, name="read_all"),
    path("read/some/", pages.read_some, name="read_some"),
    path("preferences/", pages.preferences, name="preferences"),
    path("<uuid:pk>/", pages.follow, name="open"),
    path("<uuid:pk>/read/", pages.read, name="read"),
]
