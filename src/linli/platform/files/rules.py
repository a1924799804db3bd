"""What is put on record about files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.platform.changes.verbs import Keep, Verbs, register


@register(keep=Keep.FIVE_YEARS)
class Verb(Verbs):
    """Verbs of attachments."""

    DOWNLOAD = "files.download", _("Download a document")
