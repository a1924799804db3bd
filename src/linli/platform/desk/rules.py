"""What people can do with lists as such."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.platform.changes.public import Keep, Verbs, register


@register(keep=Keep.FOREVER)
class Verb(Verbs):
    """Verbs of every register."""

    EXPORT = "desk.export", _("Export a list")
