"""Every address of the installation."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("linli.platform.pages.urls")),
    path("accounts/", include("linli.platform.access.urls")),
    path("files/", include("linli.platform.files.urls")),
    path("desk/notices/", include("linli.platform.notices.urls")),
    path("desk/", include("linli.sites.desk.urls")),
    path("", include("linli.sites.portal.urls")),
]

handler400 = "linli.sites.errors.bad_request"
handler403 = "linli.platform.pages.errors.permission_denied"
handler404 = "linli.platform.pages.errors.page_not_found"
handler500 = "linli.sites.errors.server_error"
