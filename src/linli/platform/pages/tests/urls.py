"""Addresses of the gallery alone."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("linli.platform.pages.urls"))]
handler404 = "linli.platform.pages.errors.page_not_found"
