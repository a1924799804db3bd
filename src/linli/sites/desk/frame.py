"""What stands around every page of the desk."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.platform.access.actor import Actor
from linli.platform.desk.menus import Entry, menu_entry, navigation
from linli.platform.flow.inbox import waiting
from linli.platform.notices.public import unread_count
from linli.platform.pages.frames import Capacity, DeskFrame, Link, marked, provides

menu_entry(
    Entry(
        label=_("What to do now"),
        url="desk:home",
        group="today",
        icon="inbox",
        order=0,
        go="h",
        count=waiting,
    )
)


@provides("desk")
def desk_frame(request: HttpRequest) -> DeskFrame:
    """Navigation, search, notices, capacities and account of whoever asks."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or not actor.is_signed_in:
        return DeskFrame(home=reverse("desk:home"))
    chosen: Any = getattr(request, "capacity", None)
    others: list[Any] = getattr(request, "capacities", [])
    return DeskFrame(
        home=reverse("desk:home"),
        place=actor.unit_name,
        navigation=marked(navigation(actor), request.path) if actor.post_id else (),
        search_url=reverse("desk:search") if actor.post_id else "",
        search_value=request.GET.get("q", "") if request.path == reverse("desk:search") else "",
        notices_url=reverse("notices:list"),
        unread=unread_count(actor),
        capacities=[
            Capacity(
                value=one.key,
                label=one.title,
                current=chosen is not None and one.key == chosen.key,
            )
            for one in others
        ],
        capacity_url=reverse("access_capacity"),
        person=actor.name,
        post=" · ".join(part for part in (actor.unit_name, actor.post_title) if part),
        account_links=[
            Link(gettext("Sign-in and safety"), reverse("mfa_index"), "shield-lock"),
            Link(gettext("Where I am signed in"), reverse("usersessions_list"), "device-desktop"),
            Link(gettext("How I am told"), reverse("notices:preferences"), "bell"),
        ],
        logout_url=reverse("account_logout"),
    )
