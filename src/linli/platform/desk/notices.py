"""Whom lists tell what."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.platform.desk.rules import Verb
from linli.platform.notices.public import kind

kind("desk.exports", _("Exports made for me"), verbs=(Verb.EXPORT,), email=False)
