"""The addresses these tests need."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from linli.platform.files.public import check_uploads


def take(request: HttpRequest) -> HttpResponse:
    """Look at what is sent."""
    checked = check_uploads(request.FILES.getlist("files"))
    return HttpResponse(" ".join(one.name for one in checked))


urlpatterns = [
    path("take/", take),
    path("files/", include("linli.platform.files.urls")),
    path("", include("linli.platform.pages.urls")),
    path("accounts/", include("allauth.urls")),
]
