"""What can be done with the trail itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.platform.changes.verbs import Keep, Verbs, register


@register(keep=Keep.FOREVER)
class Verb(Verbs):
    """Verbs of the trail."""

    VIEW_TRAIL = "changes.view_trail", _("See the audit trail")
