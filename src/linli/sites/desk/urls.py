"""Addresses of the desk; included at /desk/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.platform.desk.urls import module_urls, register_urls
from linli.sites.desk import views
from linli.sites.desk.posts import in_a_post

app_name = "desk"

urlpatterns: list[URLPattern | URLResolver] = in_a_post(
    [
        path("", views.home, name="home"),
        path("search/", views.search, name="search"),
        *module_urls(),
        *register_urls(),
    ]
)
