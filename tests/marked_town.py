"""A small town worked by the standard roles: everybody the demonstration lets sign in, once each.

    慈溪市                          hotline, city, supervisor, auditor
    ├── 浒山街道                    dispatch, chengguan (only what is handed to the post)
    │   ├── 青少年宫路社区           worker, secretary
    │   │   └── 第一网格            grid
    │   └── 金山社区                neighbour
    └── 古塘街道 / 舒苑社区
    余姚市 / 凤山街道 / 南雷社区      beyond the city
    stranger: an account without a post. resident: somebody without an account.

Everywhere somebody of the small cast has left a case whose every word stands nowhere else: a mark.
Whoever meets a mark out of reach has met a leak.
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client
from django.utils import timezone
from PIL import Image

from linli.demo.city import SIGN_IN
from linli.modules.cases.models import Case
from linli.modules.divisions import maps
from linli.platform.access.actor import Actor
from linli.platform.access.models import Account, Level, Role, Unit
from linli.platform.access.scope import acting
from linli.platform.changes.verbs import all_verbs
from linli.platform.desk.models import Batch, LargeExport, SavedView
from linli.platform.desk.register import Register
from linli.platform.files.models import Attachment
from linli.platform.notices.models import Notice
from linli.platform.phones.models import PhoneProof
from linli.sites.portal import drafts, photos_kept, proofs
from linli.sites.roles import ensure_roles
from tests.cast import LONG_AGO, Cast, _account, _appoint, make_cast

AT = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
NOW = AT.replace(hour=15)
PEOPLE = (*SIGN_IN, "stranger", "resident")
# Where the demonstration says somebody works → the unit here.
WHERE = {"city": "city", "home": "community", "next": "other_community", "grid": "grid",
         "street": "street"}  # fmt: skip
BEYOND = {
    "beyond_city": (None, Level.COUNTY, "余姚市", "33/02/81/"),
    "beyond_street": ("beyond_city", Level.STREET, "凤山街道", "33/02/81/001/"),
    "beyond_community": ("beyond_street", Level.COMMUNITY, "南雷社区", "33/02/81/001/001/"),
    "province": (None, Level.PROVINCE, "浙江省", "33/"),
}  # fmt: skip
# Whose things are their own and whose are foreign: for most what lies next door, for the street
# the other street, for the city the other city.
SIDES = {
    "neighbour": ("next", "grid"), "dispatch": ("grid", "street"),
    **dict.fromkeys(("hotline", "city", "supervisor", "auditor"), ("grid", "beyond")),
}  # fmt: skip
BOXES = {
    "community": (121.20, 30.10, 121.26, 30.20), "grid": (121.22, 30.12, 121.26, 30.16),
    "other_community": (121.26, 30.10, 121.30, 30.20),
    "far_community": (121.40, 30.10, 121.44, 30.20),
    "beyond_community": (121.60, 30.10, 121.64, 30.20),
}  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """Words that stand in one place only: in a unit, beside it in reach of posts, or of one person.

    What lies in no unit ("") is its owner's alone. `place` names the planted case it belongs to.
    """

    kind: str
    text: str
    key: str = ""
    place: str = ""
    posts: frozenset[UUID] = frozenset()
    owner: UUID | None = None

    def reachable(self, actor: Actor) -> bool:
        """Whether the actor may meet it."""
        mine = self.owner is not None and self.owner == actor.account_id
        return mine or self.key in actor.branch or actor.post_id in self.posts


@dataclass
class Planted:
    """What lies in one place: a case with everything that hangs on it."""

    name: str
    unit: Unit
    planter: str
    case: Case
    photo: Attachment
    paper: Attachment


@dataclass
class Town:
    """The cast that planted, the people who look, and what was planted."""

    cast: Cast
    places: dict[str, Planted] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)
    notices: dict[str, Notice] = field(default_factory=dict)
    views: dict[str, SavedView] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    long_lists: dict[str, LargeExport] = field(default_factory=dict)
    # A photo in the report that the visitor has under way.
    draft_photo: UUID | None = None
    _rows: dict[str, list[Any]] = field(default_factory=dict)

    def actor(self, person: str) -> Actor:
        """Who acts under this name."""
        return self.cast.actor(account_name(person))

    def account(self, person: str) -> Account:
        """The account of somebody who has one."""
        return self.cast.accounts[account_name(person)]

    def own(self, person: str) -> Planted:
        """What lies where the person works; to those who work nowhere as good as any."""
        return self.places[SIDES.get(person, ("grid", "next"))[0]]

    def foreign(self, person: str) -> Planted:
        """What lies next door."""
        return self.places[SIDES.get(person, ("grid", "next"))[1]]

    def mark(self, kind: str, place: str) -> Mark:
        """The word of this kind in a place's case."""
        return next(one for one in self.marks if (one.kind, one.place) == (kind, place))

    def foreign_marks(self, person: str) -> list[Mark]:
        """The words this person must not meet anywhere."""
        actor = self.actor(person)
        return [mark for mark in self.marks if not mark.reachable(actor)]

    def row(self, register: Register, person: str, side: str) -> Any:
        """An own or a foreign row of a register; None where there is none.

        Rows that lie in no unit (categories, roles, norms) are everybody's and nobody's.
        """
        rows, actor = self._rows_of(register), self.actor(person)
        place = self.own(person) if side == "own" else self.foreign(person)
        near = place.unit.key if place.unit.level == Level.COMMUNITY else above(place.unit.key)
        placed = [row for row in rows if key_of(row)]
        if not placed:
            return rows[0] if rows and side == "own" else None
        if actor.post_id is not None:
            inside = side == "own"
            placed = [row for row in placed if within(row, actor) == inside]
        exact = [row for row in placed if key_of(row) == place.unit.key]
        nearby = [row for row in placed if key_of(row).startswith(near)]
        found = exact or nearby or (placed if actor.post_id is not None else [])
        return found[0] if found else None

    def _rows_of(self, register: Register) -> list[Any]:
        """Every row in the order made, marked cases first."""
        if register.name not in self._rows:
            marked = {planted.case.pk: at for at, planted in enumerate(self.places.values())}
            with acting(Actor.system("town")) as system:
                rows = list(type(register).rows(system).order_by("pk"))
            self._rows[register.name] = sorted(
                rows, key=lambda row: marked.get(row.pk, len(marked))
            )
        return self._rows[register.name]


def visitor(town: Town, person: str, *, phone: str = "13700000000") -> Client:
    """The person's browser: signed in a moment ago, a report under way, a telephone number proven.

    Nobody in town has reported with that number, unless it is given.
    """
    client = Client(headers={"accept-language": "en"})
    if person != "resident":
        account = town.account(person)
        client.force_login(account, backend="linli.platform.access.login.NameOrPhoneBackend")
    session = client.session
    if person != "resident":
        known = {"method": "password", "at": time.time(), "reauthenticated": True}
        session["account_authentication_methods"] = [known]
        session["account_authentication_methods_user"] = str(account.pk)
    draft = drafts.Draft(
        id=drafts.fresh_id(), at=timezone.now().isoformat(), category="A01", stop_passed=True,
        lng=121.2599, lat=30.14, text="车堵在楼下", photos_passed=True, different=True,
        contact_passed=True,
    )  # fmt: skip
    photos_kept.add(draft, photo("draft.jpg"))
    town.draft_photo = UUID(draft.photos[0]["id"])
    session[drafts.KEY] = asdict(draft)
    with acting(Actor.system("town")):
        now = timezone.now()
        proof = PhoneProof.objects.create(
            phone=phone, language="zh-hans", asked_at=now, ends_at=now + timedelta(minutes=10),
            tries=1, proven_at=now,
        )  # fmt: skip
    session[proofs.KEY] = {"proven": str(proof.pk)}
    session.save()
    return client


def account_name(person: str) -> str:
    """The name in the cast: the people of the standard roles stand beside the small cast."""
    return person if person in ("stranger", "resident", "root") else f"std_{person}"


def above(key: str) -> str:
    """The key of the unit above."""
    return key.rstrip("/").rpartition("/")[0] + "/"


def key_of(row: models.Model) -> str:
    """The unit key of a row; "" for rows that lie nowhere."""
    return str(getattr(row, "unit_key", "") or "")


def within(row: Any, actor: Actor) -> bool:
    """Whether the row is in the actor's reach by place or by post."""
    held = getattr(row, "held_by", None)
    return key_of(row) in actor.branch or bool(
        held and actor.post_id and held(actor.post_id)
    )  # fmt: skip


def paper(name: str) -> SimpleUploadedFile:
    """A small PDF."""
    body = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"
    return SimpleUploadedFile(name, body, content_type="application/pdf")


def photo(name: str) -> SimpleUploadedFile:
    """A small photo."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "#c2570c").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def square(box: tuple[float, float, float, float]) -> dict[str, Any]:
    """A box as GeoJSON."""
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def settle() -> Town:
    """The units, the outlines, the people of the standard roles and one who may do everything."""
    from linli.modules.divisions.actions.outlines import put_outline

    town = Town(make_cast())
    cast = town.cast
    with acting(Actor.system("town")):
        ensure_roles(at=AT)
        for name, (parent, level, title, key) in BEYOND.items():
            cast.units[name] = Unit.objects.create(
                parent=cast.units[parent] if parent else None, level=level, name=title,
                name_key="", key=key, opened=LONG_AGO,
            )  # fmt: skip
        for name, box in BOXES.items():
            put_outline(cast.units[name], square(box), on=LONG_AGO)
        roles = {role.slug: role for role in Role.objects.all()}
        for username, (slug, where, _name, who) in SIGN_IN.items():
            _hire(cast, account_name(username), cast.units[WHERE[where]], roles[slug], who)
        everything = Role.objects.create(
            slug="cast-everything", name="一切", verbs=sorted(all_verbs())
        )
        for name, unit in (("beyond_clerk", "beyond_community"), ("root", "province")):
            _hire(cast, name, cast.units[unit], everything, name)
    return town


def _hire(cast: Cast, name: str, unit: Unit, role: Role, title: str) -> None:
    phone = f"1391000{len(cast.accounts):04d}"
    account = _account(cast, name, f"Zqstaff{name.replace('_', '')}", phone=phone, unit=unit)
    cast.posts[name] = _appoint(account, unit, title, role)


@pytest.fixture
def town(db: Any, settings: Any, tmp_path: Path) -> Iterator[Town]:
    """The town at three in the afternoon, planted since nine; files in a folder of the test's."""
    from tests.planting import plant

    settings.MEDIA_ROOT = tmp_path
    # Mails and messages are queued; in tests nothing takes them up.
    settings.SMS_URL = "http://127.0.0.1:9/"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cache.clear()
    # A rolled back map has the number of the next one.
    maps._kept.clear()
    with time_machine.travel(AT, tick=False) as clock:
        made = settle()
        plant(made)
        clock.move_to(NOW)
        yield made
    cache.clear()
    maps._kept.clear()
