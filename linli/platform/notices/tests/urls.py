"""The addresses these tests need."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def home(request: HttpRequest) -> HttpResponse:
    """Where things without a page lead."""
    return HttpResponse("home")


urlpatterns = [
    path("", home, name="home"),
    path("desk/notices/", include("linli.platform.notices.urls")),
    path("", include("linli.platform.pages.urls")),
    path("accounts/", include("allauth.urls")),
]
