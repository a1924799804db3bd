"""Who may hand out what: posts, holdings, grants and roles."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from linli.kernel.errors import Closed, Forbidden, Invalid, NotFound, Stale
from linli.platform.access import actions
from linli.platform.access.actor import Actor
from linli.platform.access.capacities import capacities
from linli.platform.access.models import Account, Grant, Holding, Post, Role
from linli.platform.access.rights import AboveYou, BeyondBranch, Escalation
from linli.platform.access.rules import Verb
from linli.platform.access.scope import acting
from linli.platform.changes.models import Entry
from linli.platform.changes.verbs import all_verbs
from tests.cast import DAY, Cast

AT = datetime(2026, 11, 20, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
TOMORROW = DAY + timedelta(days=1)


def entries(verb: str) -> list[Entry]:
    with acting(Actor.system("test")):
        return list(Entry.objects.filter(verb=verb).order_by("seq"))


def newcomer(cast: Cast, by: str = "secretary", unit: str = "community") -> Account:
    account, _secret = actions.open_account(
        actor=cast.actor(by),
        unit=cast.units[unit],
        username=f"new_{by}",
        full_name="新人",
        at=AT,
    )
    return account


def test_an_account_is_opened_with_a_first_password_that_must_be_changed(cast: Cast) -> None:
    account, secret = actions.open_account(
        actor=cast.actor("secretary"),
        unit=cast.community,
        username="zhao.min",
        full_name=" 赵敏 ",
        phone="139 0000-8888",
        at=AT,
    )
    assert account.check_password(secret)
    assert account.must_change_password
    assert (account.full_name, account.phone) == ("赵敏", "13900008888")
    entry = entries(Verb.OPEN_ACCOUNT)[-1]
    assert secret not in str(entry.facts) + str(entry.moved)
    assert "13900008888" not in str(entry.facts) + str(entry.moved)


def test_first_passwords_pass_our_own_rules_and_never_repeat(cast: Cast) -> None:
    from django.contrib.auth.password_validation import validate_password

    from linli.platform.access.passwords import first_password

    made = {first_password() for _ in range(200)}
    assert len(made) == 200
    for secret in made:
        validate_password(secret, cast.clerk)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("username", {"username": "13900001234"}),
        ("username", {"username": "a b"}),
        ("username", {"username": "CAST_CLERK"}),
        ("full_name", {"full_name": "  "}),
        ("phone", {"phone": "12ab"}),
        ("phone", {"phone": "13900000003"}),
    ],
)
def test_what_an_account_cannot_take_is_said_at_its_field(
    cast: Cast, field: str, values: dict[str, str]
) -> None:
    given: dict[str, Any] = {"username": "somebody", "full_name": "某人", "phone": "", **values}
    with pytest.raises(Invalid) as fault:
        actions.open_account(actor=cast.actor("secretary"), unit=cast.community, at=AT, **given)
    assert list(fault.value.faults) == [field]


def test_an_account_cannot_be_opened_elsewhere(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        newcomer(cast, by="clerk", unit="other_community")


def test_appointing_gives_a_capacity_at_once_and_ending_takes_it_at_once(cast: Cast) -> None:
    account = newcomer(cast)
    post = cast.post("clerk")
    holding = actions.appoint(
        actor=cast.actor("secretary"), account=account, post=post, starts=DAY, at=AT
    )
    assert [c.post_id for c in capacities(account, on=DAY)] == [post.pk]
    actions.release(actor=cast.actor("secretary"), holding=holding, ends=DAY, at=AT)
    assert capacities(account, on=DAY) == []


def test_a_holding_counts_until_its_last_day_and_not_after(cast: Cast) -> None:
    account = newcomer(cast)
    actions.appoint(
        actor=cast.actor("secretary"),
        account=account,
        post=cast.post("clerk"),
        starts=DAY,
        ends=TOMORROW,
        at=AT,
    )
    assert len(capacities(account, on=DAY)) == 1
    assert capacities(account, on=TOMORROW) == []
    assert capacities(account, on=DAY - timedelta(days=1)) == []


def test_holding_the_same_post_twice_at_once_is_refused(cast: Cast) -> None:
    account = newcomer(cast)
    act: dict[str, Any] = {
        "actor": cast.actor("secretary"),
        "account": account,
        "post": cast.post("clerk"),
    }
    actions.appoint(**act, starts=DAY, ends=DAY + timedelta(days=30), at=AT)
    with pytest.raises(Invalid):
        actions.appoint(**act, starts=DAY + timedelta(days=29), at=AT)
    actions.appoint(**act, starts=DAY + timedelta(days=30), at=AT)


def test_the_database_refuses_overlapping_holdings_by_itself(cast: Cast) -> None:
    twin = Holding(post=cast.post("clerk"), account=cast.clerk, starts=DAY)
    twin.place_in(cast.community)
    with (
        acting(Actor.system("test")),
        pytest.raises(IntegrityError, match="holding_once_at_a_time"),
        transaction.atomic(),
    ):
        twin.save()


def test_two_people_may_hold_one_post(cast: Cast) -> None:
    actions.appoint(
        actor=cast.actor("secretary"),
        account=newcomer(cast),
        post=cast.post("clerk"),
        starts=DAY,
        at=AT,
    )


def test_a_closed_post_takes_nobody_and_releases_everybody(cast: Cast) -> None:
    post = cast.post("clerk")
    actions.close_post(actor=cast.actor("secretary"), post=post, closed=DAY, at=AT)
    assert capacities(cast.clerk, on=DAY) == []
    with pytest.raises(Closed):
        actions.appoint(
            actor=cast.actor("secretary"), account=newcomer(cast), post=post, starts=DAY, at=AT
        )


# ---- nobody hands out what they do not hold ----------------------------------------------------


def narrowed(cast: Cast) -> Actor:
    """A secretary who looks after staff but may not define roles."""
    cast.deny("secretary", Verb.DEFINE_ROLE)
    return cast.actor("secretary")


def test_a_post_with_greater_rights_cannot_be_created(cast: Cast) -> None:
    with pytest.raises(Escalation):
        actions.open_post(
            actor=narrowed(cast),
            unit=cast.community,
            title="万能岗",
            role=cast.roles["clerk"],
            opened=DAY,
            at=AT,
        )
    assert not Post.objects.filter(title="万能岗").exists()


def test_a_post_cannot_be_given_greater_rights(cast: Cast) -> None:
    mine = Role.objects.create(slug="small", name="小", verbs=[Verb.VIEW_STAFF])
    by = narrowed(cast)
    post = actions.open_post(
        actor=by, unit=cast.community, title="值守岗", role=mine, opened=DAY, at=AT
    )
    with pytest.raises(Escalation):
        actions.change_post(actor=by, post=post, role=cast.roles["clerk"], at=AT)


def test_nobody_appoints_themselves_to_a_greater_post(cast: Cast) -> None:
    with pytest.raises(Escalation):
        actions.appoint(
            actor=narrowed(cast),
            account=cast.secretary,
            post=cast.post("clerk"),
            starts=DAY,
            at=AT,
        )


def test_a_post_that_is_lent_a_wider_branch_is_out_of_a_narrow_hand(cast: Cast) -> None:
    actions.grant(
        actor=cast.actor("city_officer"),
        post=cast.post("clerk"),
        role=cast.roles["clerk"],
        unit=cast.street,
        starts=DAY,
        at=AT,
    )
    with pytest.raises(BeyondBranch):
        actions.appoint(
            actor=cast.actor("secretary"),
            account=newcomer(cast),
            post=cast.post("clerk"),
            starts=DAY,
            at=AT,
        )


def test_a_role_is_lent_within_the_branch_only(cast: Cast) -> None:
    lend: dict[str, Any] = {
        "post": cast.post("clerk"),
        "role": cast.roles["clerk"],
        "starts": DAY,
        "at": AT,
    }
    with pytest.raises(BeyondBranch):
        actions.grant(actor=cast.actor("secretary"), unit=cast.street, **lend)
    with pytest.raises(BeyondBranch):
        actions.grant(actor=cast.actor("secretary"), unit=cast.other_community, **lend)
    with pytest.raises(Escalation):
        actions.grant(actor=narrowed(cast), unit=cast.community, **lend)
    assert not Grant.objects.exists()


def test_a_grant_gives_a_second_capacity_for_its_days_only(cast: Cast) -> None:
    lent = actions.grant(
        actor=cast.actor("street_officer"),
        post=cast.post("clerk"),
        role=cast.roles["clerk"],
        unit=cast.other_community,
        starts=DAY,
        ends=TOMORROW,
        reason="代班",
        at=AT,
    )
    units = [c.unit_name for c in capacities(cast.clerk, on=DAY)]
    assert sorted(units) == ["金山社区", "青少年宫路社区"]
    assert [c.unit_name for c in capacities(cast.clerk, on=TOMORROW)] == ["青少年宫路社区"]
    actions.revoke(actor=cast.actor("street_officer"), grant=lent, ends=DAY, at=AT)
    assert [c.unit_name for c in capacities(cast.clerk, on=DAY)] == ["青少年宫路社区"]


def test_roles_are_defined_without_escalation(cast: Cast) -> None:
    by = cast.actor("secretary")
    made = actions.define_role(actor=by, slug="watch", name="值守", verbs=[Verb.VIEW_STAFF], at=AT)
    assert made.verbs == ["access.view_staff"]
    cast.deny("secretary", Verb.LOCK_ACCOUNT)
    by = cast.actor("secretary")
    with pytest.raises(Escalation):
        actions.define_role(
            actor=by, slug="watch", name="值守", verbs=[Verb.LOCK_ACCOUNT], role=made, at=AT
        )
    with pytest.raises(Invalid):
        actions.define_role(actor=by, slug="x", name="X", verbs=["no.such"], at=AT)


def test_a_role_in_use_elsewhere_is_not_for_a_narrow_hand(cast: Cast) -> None:
    with pytest.raises(BeyondBranch):
        actions.define_role(
            actor=cast.actor("secretary"),
            slug="",
            name="社区工作者",
            verbs=[],
            role=cast.roles["clerk"],
            at=AT,
        )
    actions.define_role(
        actor=cast.actor("city_officer"),
        slug="",
        name="社区工作者",
        verbs=[Verb.VIEW_STAFF],
        role=cast.roles["clerk"],
        at=AT,
    )


def test_a_mightier_account_cannot_be_taken_over(cast: Cast) -> None:
    account = newcomer(cast, by="city_officer", unit="community")
    actions.appoint(
        actor=cast.actor("city_officer"),
        account=account,
        post=cast.post("street_officer"),
        starts=DAY + timedelta(days=9),
        at=AT,
    )
    by = cast.actor("secretary")
    for act in (
        lambda: actions.reset_password(actor=by, account=account, at=AT),
        lambda: actions.reset_second_factor(actor=by, account=account, reason="x", at=AT),
        lambda: actions.lock_account(actor=by, account=account, reason="x", at=AT),
        lambda: actions.unlock_account(actor=by, account=account, at=AT),
        lambda: actions.change_account(actor=by, account=account, phone="13811112222", at=AT),
    ):
        with pytest.raises(AboveYou):
            act()


def test_an_account_of_another_branch_is_not_found(cast: Cast) -> None:
    account = newcomer(cast, by="far_clerk", unit="far_community")
    with pytest.raises(NotFound):
        actions.reset_password(actor=cast.actor("secretary"), account=account, at=AT)


def test_locking_needs_a_reason_and_never_locks_oneself(cast: Cast) -> None:
    account = newcomer(cast)
    by = cast.actor("secretary")
    with pytest.raises(Invalid):
        actions.lock_account(actor=by, account=account, reason=" ", at=AT)
    actions.lock_account(actor=by, account=account, reason="离职", at=AT)
    account.refresh_from_db()
    assert not account.is_active
    assert entries(Verb.LOCK_ACCOUNT)[-1].facts == {"reason": "离职"}
    actions.unlock_account(actor=by, account=account, at=AT)
    account.refresh_from_db()
    assert account.is_active


def test_a_password_is_changed_by_its_owner_only_and_by_the_rules(cast: Cast) -> None:
    account = newcomer(cast)
    oneself = Actor(name="新人", branch=Actor.public().branch, account_id=account.pk)
    change = actions.change_password
    with pytest.raises(Forbidden):
        change(actor=cast.actor("secretary"), account=account, password="Jasmine-Tea-77", at=AT)
    with pytest.raises(Invalid):
        change(actor=oneself, account=account, password="woaini5201314", at=AT)
    change(actor=oneself, account=account, password="Jasmine-Tea-77", at=AT)
    account.refresh_from_db()
    assert account.check_password("Jasmine-Tea-77")
    assert not account.must_change_password
    entry = entries(Verb.CHANGE_PASSWORD)[-1]
    assert entry.moved["password"] == ["•••", "•••"]


def test_a_stale_page_is_noticed(cast: Cast) -> None:
    account = newcomer(cast)
    by = cast.actor("secretary")
    actions.change_account(actor=by, account=account, full_name="甲", at=AT, expected=1)
    with pytest.raises(Stale):
        actions.change_account(actor=by, account=account, full_name="乙", at=AT, expected=1)


def test_the_rule_for_signing_in_is_set_from_the_top_and_not_backwards(cast: Cast) -> None:
    values: dict[str, Any] = {
        "password_length": 12,
        "failures": 5,
        "lock_minutes": 30,
        "session_hours": 8,
        "source": "区网信办〔2026〕3 号",
        "at": AT,
    }
    with pytest.raises(Forbidden):
        actions.set_sign_in_rule(actor=cast.actor("street_officer"), starts=TOMORROW, **values)
    top = cast.actor("city_officer")
    with pytest.raises(Invalid):
        actions.set_sign_in_rule(actor=top, starts=date(2026, 1, 1), **values)
    with pytest.raises(Invalid):
        actions.set_sign_in_rule(actor=top, starts=TOMORROW, **{**values, "password_length": 4})
    rule = actions.set_sign_in_rule(actor=top, starts=TOMORROW, **values)
    again = actions.set_sign_in_rule(actor=top, starts=TOMORROW, **{**values, "failures": 6})
    assert again.pk == rule.pk


def test_the_cast_holds_every_verb(cast: Cast) -> None:
    assert cast.actor("clerk").verbs == frozenset(all_verbs())
