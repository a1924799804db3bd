"""The boxes before the rows of a list, and the bar with what can be done to those ticked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from markupsafe import escape

from linli.platform.desk.cells import safe
from linli.platform.desk.keyset import Page
from linli.platform.desk.listing import Listing
from linli.platform.desk.register import Register
from linli.platform.desk.ticked import MOST, Act, acts_for

# Buttons that stand open in the bar; the rest are in its menu.
OPEN = 4
THIS_PAGE, ALL = "page", str(MOST)


@dataclass(frozen=True)
class Button:
    """One act of the bar; `name` is what the boxes of rows on which it is possible carry."""

    name: str
    label: str
    url: str
    icon: str
    danger: bool


@dataclass(frozen=True)
class Bar:
    """What the list draws for ticking; `boxes` are table cells in the order of the rows.

    `page_url` and `all_url` show the list with this page, or up to 200 rows, ticked.
    """

    boxes: Sequence[SafeString]
    shown: Sequence[Button]
    rest: Sequence[Button]
    query: str
    page_url: str
    all_url: str


def size_of(request: HttpRequest) -> int | None:
    """How many rows the page shall hold; None for as many as the register says."""
    return MOST if request.GET.get("tick") == ALL else None


def bar_for(request: HttpRequest, listing: Listing, page: Page) -> Bar | None:
    """Boxes and bar for one page of a list; None where this actor can do nothing to several."""
    register = listing.register
    acts = acts_for(register, listing.actor)
    if not acts or not page.rows:
        return None
    here = listing.address(after=request.GET.get("after", ""))
    buttons = [_button(register, act) for act in acts]
    # A single act more is no shorter in a menu.
    open_ones = len(buttons) if len(buttons) <= OPEN + 1 else OPEN
    return Bar(
        boxes=_boxes(listing, page.rows, acts, ticked=request.GET.get("tick") in (THIS_PAGE, ALL)),
        shown=buttons[:open_ones],
        rest=buttons[open_ones:],
        query=here.partition("?")[2],
        page_url=listing.address(after=request.GET.get("after", ""), tick=THIS_PAGE),
        all_url=listing.address(tick=ALL) if page.before or page.after else "",
    )


def _button(register: Register, act: Act) -> Button:
    return Button(
        act.name, act.words, f"{register.url}many/{act.name}/", act.icon, act.tone == "danger"
    )


def _boxes(
    listing: Listing, rows: Sequence[Mapping[str, Any]], acts: Sequence[Act], *, ticked: bool
) -> list[SafeString]:
    words = listing.columns[0].words(listing.reader)
    select = gettext("Select %(what)s")
    possible = _possible(listing.register, acts)
    checked = " checked" if ticked else ""
    drawn = []
    for row in rows:
        what = escape(select % {"what": words(row)})
        can = possible.get(str(row.get("state", "")))
        known = "" if can is None else f' data-acts="{can}"'
        drawn.append(
            safe(
                '<td class="fit select-cell" data-label=""><label class="choice">'
                f'<input type="checkbox" form="ticked" name="row" value="{escape(row["pk"])}"'
                f' data-select{known}{checked}><span class="sr-only">{what}</span></label></td>'
            )
        )
    return drawn


def _possible(register: Register, acts: Sequence[Act]) -> dict[str, str]:
    """State → the acts its rows take by the life cycle; the bar offers only those.

    Whether the row itself allows it is asked when it is done.
    """
    flow = register.flow
    if flow is None:
        return {}
    in_flow = set(flow.verbs())
    return {
        str(state.value): " ".join(
            act.name
            for act in acts
            if act.action is None
            or str(act.action.verb) not in in_flow
            or flow.find(str(state.value), str(act.action.verb)) is not None
        )
        for state in flow.states
    }
