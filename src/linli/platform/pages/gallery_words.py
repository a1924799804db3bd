"""The people, places and cases the gallery shows; invented, and the same every time."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace as Thing
from typing import Any

from django.templatetags.static import static
from django.utils.translation import gettext as _

POST_A: Callable[[], str] = lambda: _("Community worker")  # noqa: E731
POST_B: Callable[[], str] = lambda: _("Grid worker, grid 3")  # noqa: E731
UNIT_A: Callable[[], str] = lambda: _("Gutang community")  # noqa: E731
UNIT_B: Callable[[], str] = lambda: _("Danyuan community")  # noqa: E731
PERSON_A: Callable[[], str] = lambda: _("Chen Yaqin")  # noqa: E731
PERSON_B: Callable[[], str] = lambda: _("Zhou Jianguo")  # noqa: E731
LONG: Callable[[], str] = lambda: _(  # noqa: E731
    "Since the beginning of last week an excavator and two trucks have stood in the fire lane "
    "between buildings 12 and 14 every night, the barrier has been bent aside, and the caretaker "
    "says he has already telephoned four times without anyone coming to look at it"
)


def cases() -> list[tuple[str, str, str, str]]:
    """What, where, state, handler."""
    return [
        (_("Blocked fire lane"), _("Building 12, Hushan Road 88"), "dispatched", PERSON_B()),
        (_("Waste lying about"), _("Market street, south gate"), "dispatched", ""),
        (_("Street lamp out"), _("Xincheng Avenue 210"), "handling", PERSON_B()),
        (_("Overflowing bin"), _("Gutang Park"), "handling", PERSON_A()),
        (LONG(), _("Building 14, Hushan Road 88"), "filed", ""),
        (_("Noise at night"), _("Danyuan West Lane 5"), "reported", ""),
        (_("Broken road surface"), _("Sanbei Street 31"), "paused", PERSON_B()),
        (_("Manhole cover missing"), _("Xincheng Avenue 12"), "closed", PERSON_B()),
        (_("Tree leaning over the path"), _("Gutang Park, north side"), "handling", PERSON_A()),
        (_("Unlicensed advertising"), _("Bus stop Hushan Road"), "rejected", ""),
    ]


def timeline(now: datetime) -> list[Any]:
    """What was done to a case, the newest first."""
    return [
        Thing(
            who=PERSON_B(),
            post=POST_B(),
            does=_("finished the work"),
            at=now - timedelta(minutes=40),
            icon="check",
            tone="done",
            said=_("The trucks have been towed away and the barrier is straight again."),
            moved=[(_("State"), _("In hand"), _("Finished"))],
        ),
        Thing(
            who=PERSON_B(),
            post=POST_B(),
            does=_("asked for more time"),
            at=now - timedelta(hours=6),
            icon="clock-question",
            tone="soon",
            said=LONG(),
            moved=[(_("Due"), "11-21 18:00", "11-22 12:00")],
        ),
        Thing(
            who=PERSON_A(),
            post=POST_A(),
            does=_("dispatched it"),
            at=now - timedelta(hours=26),
            icon="send",
            tone="info",
            moved=[(_("Handler"), "", PERSON_B()), (_("State"), _("Filed"), _("Dispatched"))],
        ),
        Thing(who=_("A resident"), does=_("reported it by phone"), at=now - timedelta(days=2)),
    ]


def steps(now: datetime) -> list[Any]:
    """The life of a case as its reporter sees it."""
    return [
        Thing(state="passed", title=_("Received"), at=now - timedelta(days=2)),
        Thing(
            state="passed",
            title=_("Checked and given to the one in charge"),
            at=now - timedelta(days=1),
            text=_("Grid worker of grid 3"),
        ),
        Thing(state="now", title=_("Being dealt with"), text=_("Promised by tomorrow, 18:00.")),
        Thing(state="to-come", title=_("Checked by someone else")),
        Thing(state="to-come", title=_("Closed; you can rate it")),
    ]


def tree() -> list[Any]:
    """A piece of the division tree."""
    leaf = [
        Thing(label=UNIT_A(), url="#tree", count=2800, current=True),
        Thing(label=UNIT_B(), url="#tree", count=2260),
    ]
    return [
        Thing(
            label=_("Cixi"),
            url="#tree",
            count=406,
            open=True,
            children=[
                Thing(label=_("Hushan Street"), url="#tree", count=17, open=True, children=leaf),
                Thing(label=_("Guanhaiwei Town"), url="#tree", count=54),
            ],
        )
    ]


def photos() -> list[Any]:
    """Three photos; drawings of our own stand for them."""
    return [
        Thing(url=static(f"linli/img/sample-{n}.svg"), alt=alt, caption=caption)
        for n, alt, caption in (
            (1, _("Two trucks in front of a building"), _("Before")),
            (2, _("The same lane, empty"), _("After")),
            (3, _("The barrier, straight again"), ""),
        )
    ]


def areas() -> dict[str, Any]:
    """Six grids side by side, as GeoJSON."""
    features = []
    for n in range(6):
        west, south = 121.22 + n % 3 * 0.03, 30.16 + n // 3 * 0.025
        ring = [
            [west, south],
            [west + 0.03, south + 0.002],
            [west + 0.028, south + 0.026],
            [west + 0.002, south + 0.025],
            [west, south],
        ]
        features.append(
            {
                "type": "Feature",
                "properties": {
                    "title": _("Grid %(n)s") % {"n": n + 1},
                    "url": "#map",
                    "tone": ("idle", "idle", "soon", "idle", "danger", "done")[n],
                },
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    return {"type": "FeatureCollection", "features": features}


def points() -> dict[str, Any]:
    """Two hundred cases strewn over the grids, the same each time."""
    features = []
    for n in range(200):
        angle, far = n * 2.399963, math.sqrt(n / 200) * 0.035
        features.append(
            {
                "type": "Feature",
                "properties": {
                    "title": f"3302822611{n:04d}",
                    "url": "#map",
                    "tone": ("idle", "idle", "idle", "soon", "danger", "done")[n % 6],
                },
                "geometry": {
                    "type": "Point",
                    "coordinates": [
                        round(121.265 + far * math.cos(angle), 6),
                        round(30.187 + far * 0.75 * math.sin(angle), 6),
                    ],
                },
            }
        )
    return {"type": "FeatureCollection", "features": features}
