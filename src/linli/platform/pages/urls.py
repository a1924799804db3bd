"""Addresses of the look itself: preferences, and the gallery where it is shown."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from linli.platform.pages import gallery, views

app_name = "pages"

urlpatterns: list[URLPattern] = [path("preferences", views.preferences, name="preferences")]
if settings.DEBUG or getattr(settings, "LINLI_GALLERY", False):
    urlpatterns += [
        path("gallery", gallery.desk, name="gallery"),
        path("gallery/portal", gallery.portal, name="gallery_portal"),
        path("gallery/bare", gallery.bare, name="gallery_bare"),
        path("gallery/panel", gallery.panel, name="gallery_panel"),
        path("gallery/areas.json", gallery.areas, name="gallery_areas"),
        path("gallery/points.json", gallery.points, name="gallery_points"),
        path("gallery/error/<int:status>", gallery.error, name="gallery_error"),
    ]
