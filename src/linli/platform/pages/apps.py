"""Django's entry for the pages app."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Templates, tokens, static files and the Jinja environment."""

    name = "linli.platform.pages"
    label = "pages"
