"""What can be wrong with an act on a case, each with a sentence."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import LinliError


class TooLate(LinliError):
    """The time in which this could be done is over."""

    message = _("The time for this is over.")


class OutOfReach(LinliError):
    """A post that does not serve the place of the case."""

    message = _("This post does not serve the place of the case. Choose another.")


class NotTheSame(LinliError):
    """Two cases that cannot be merged."""

    message = _("A case can only be merged into another open case.")
