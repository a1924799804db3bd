"""Addresses of files; the site includes them under /files/."""

from __future__ import annotations

from django.urls import path

from linli.platform.files import pages

app_name = "files"

urlpatterns = [
    path("<uuid:pk>/", pages.file, name="file"),
    path("<uuid:pk>/<int:side>/", pages.thumb, name="thumb"),
]
