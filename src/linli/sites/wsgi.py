"""What the web server calls."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from linli.sites.health import with_health

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")

application = with_health(get_wsgi_application())
