"""The staff pages as an administrator uses them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from linli.platform.access import actions
from linli.platform.access.actor import Actor
from linli.platform.access.models import Account, Grant, Holding, Post, Role, SignInRule
from linli.platform.access.rules import Verb
from linli.platform.access.scope import acting
from tests.cast import PASSWORD, Cast

SYSTEM = Actor.system("test")


@pytest.fixture(autouse=True)
def fast_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]


@pytest.fixture
def office(cast: Cast) -> Client:
    """The community's secretary, signed in."""
    return signed_in("secretary")


def signed_in(name: str) -> Client:
    client = Client()
    sent = client.post("/accounts/login/", {"login": f"cast_{name}", "password": PASSWORD})
    assert sent.status_code == 302
    return client


def confirm(client: Client, path: str) -> None:
    """Enter the password again when the page asks for it."""
    sent = client.get(path)
    assert sent.status_code == 302
    done = client.post(sent["Location"], {"password": PASSWORD, "next": path})
    assert (done.status_code, done["Location"]) == (302, path)


def worker(cast: Cast) -> Account:
    account, _secret = actions.open_account(
        actor=SYSTEM,
        unit=cast.community,
        username="zhao.min",
        full_name="赵敏",
        phone="13777776666",
        at=timezone.now(),
    )
    return account


LISTS = ["staff", "posts", "holdings", "grants", "roles", "sign-in-rules"]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_list_stands(cast: Cast, office: Client, name: str, language: str) -> None:
    office.cookies["django_language"] = language
    page = office.get(f"/desk/{name}/")
    assert page.status_code == 200
    assert " style=" not in page.text


@pytest.mark.parametrize(
    "path",
    ["staff/new/open_account/", "posts/new/open_post/"],
)
def test_every_form_stands(cast: Cast, office: Client, path: str) -> None:
    page = office.get(f"/desk/{path}")
    assert page.status_code == 200
    assert "青少年宫路社区" in page.text
    assert "金山社区" not in page.text


def test_only_one_s_own_branch_is_listed(cast: Cast, office: Client) -> None:
    page = office.get("/desk/staff/?q=").text
    assert "王小芳" in page
    assert "罗敏" not in page
    assert "李强" in page
    assert "李强" in office.get("/desk/staff/?q=李").text
    assert cast.clerk.phone not in page, "phone numbers are masked"


def test_an_account_of_another_branch_is_not_found(cast: Cast, office: Client) -> None:
    foreign = cast.far_clerk.pk
    for path in ("", "change_account/", "lock_account/"):
        assert office.get(f"/desk/staff/{foreign}/{path}").status_code == 404


def test_an_account_is_opened_and_its_first_password_shown_once(cast: Cast, office: Client) -> None:
    done = office.post(
        "/desk/staff/new/open_account/",
        {
            "full_name": "赵敏",
            "username": "zhao.min",
            "phone": "13777776666",
            "unit": str(cast.community.pk),
        },
    )
    assert (done.status_code, done["Location"]) == (302, "/desk/staff/first-password/")
    page = office.get("/desk/staff/first-password/")
    found = re.search(r'class="first-password[^>]*>([^<]+)<', page.text)
    assert found
    account = Account.objects.get(username="zhao.min")
    assert account.check_password(found[1])
    assert page["Cache-Control"].startswith("max-age=0")
    assert office.get("/desk/staff/first-password/").status_code == 302


def test_a_fault_is_said_at_its_field(cast: Cast, office: Client) -> None:
    page = office.post(
        "/desk/staff/new/open_account/",
        {"full_name": "赵敏", "username": "cast_clerk", "unit": str(cast.community.pk)},
    )
    assert page.status_code == 422
    assert 'id="id_username-error"' in page.text


def test_appointing_and_releasing_by_the_pages(cast: Cast, office: Client) -> None:
    account = worker(cast)
    today = f"{timezone.localdate():%Y-%m-%d}"
    post = cast.post("clerk")
    done = office.post(
        f"/desk/posts/{post.pk}/appoint/", {"account": str(account.pk), "starts": today}
    )
    assert done.status_code == 302
    with acting(SYSTEM):
        holding = Holding.objects.get(account=account)
    row = office.get(f"/desk/posts/{post.pk}/")
    assert "赵敏" in row.text
    assert "赵敏" in office.get(f"/desk/holdings/{holding.pk}/").text
    assert "社区工作者" in office.get(f"/desk/staff/{account.pk}/").text
    office.post(f"/desk/holdings/{holding.pk}/release/", {"ends": today})
    with acting(SYSTEM):
        holding.refresh_from_db()
    assert holding.ends == timezone.localdate()


def test_sensitive_acts_ask_who_it_is(cast: Cast, office: Client) -> None:
    account = worker(cast)
    path = f"/desk/staff/{account.pk}/reset_password/"
    blocked = office.post(path)
    assert blocked.status_code == 302
    assert "/accounts/reauthenticate/" in blocked["Location"]
    before = Account.objects.get(pk=account.pk).password
    confirm(office, path)
    assert Account.objects.get(pk=account.pk).password == before
    assert office.post(path)["Location"] == "/desk/staff/first-password/"
    assert Account.objects.get(pk=account.pk).password != before


def test_locking_by_the_page_asks_for_a_reason(cast: Cast, office: Client) -> None:
    account = worker(cast)
    path = f"/desk/staff/{account.pk}/lock_account/"
    assert office.post(path, {"reason": ""}).status_code == 422
    assert office.post(path, {"reason": "离职"}).status_code == 302
    account.refresh_from_db()
    assert not account.is_active
    assert office.get(f"/desk/staff/{account.pk}/").status_code == 200


def test_a_role_is_made_and_changed_with_one_s_own_rights_only(cast: Cast, office: Client) -> None:
    cast.deny("secretary", Verb.LOCK_ACCOUNT)
    path = "/desk/roles/new/define_role/"
    confirm(office, path)
    form = office.get(path).text
    assert "access.appoint" in form
    assert "access.lock_account" not in form
    values = {"name": "值守", "slug": "watch", "reach": "branch", "verbs": ["access.view_staff"]}
    forged = office.post(path, {**values, "verbs": ["access.lock_account"]})
    assert forged.status_code == 422
    assert office.post(path, values).status_code == 302
    role = Role.objects.get(slug="watch")
    row = office.get(f"/desk/roles/{role.pk}/")
    assert row.status_code == 200
    changed = office.post(
        f"/desk/roles/{role.pk}/change_role/",
        {"name": "值班", "reach": "own", "verbs": [], "needs_second_factor": "on"},
    )
    assert changed.status_code == 302
    role.refresh_from_db()
    assert (role.name, role.verbs, role.needs_second_factor) == ("值班", [], True)


def test_a_role_in_use_elsewhere_is_refused_in_a_sentence(cast: Cast, office: Client) -> None:
    path = f"/desk/roles/{cast.roles['clerk'].pk}/change_role/"
    confirm(office, path)
    page = office.post(path, {"name": "社工", "reach": "branch", "verbs": []})
    assert page.status_code == 403
    assert Role.objects.get(pk=cast.roles["clerk"].pk).name == "社区工作者"


def test_lending_by_the_page_stays_in_the_branch(cast: Cast, office: Client) -> None:
    path = "/desk/grants/new/grant/"
    confirm(office, path)
    values = {
        "post": str(cast.post("clerk").pk),
        "role": str(cast.roles["clerk"].pk),
        "starts": f"{timezone.localdate():%Y-%m-%d}",
        "reason": "代班",
    }
    outside = office.post(path, {**values, "unit": str(cast.other_community.pk)})
    assert outside.status_code == 422
    assert office.post(path, {**values, "unit": str(cast.grid.pk)}).status_code == 302
    with acting(SYSTEM):
        lent = Grant.objects.get()
    assert office.get(f"/desk/grants/{lent.pk}/").status_code == 200
    assert "代班" in office.get("/desk/grants/").text


def test_the_sign_in_rule_is_the_city_s_to_set(cast: Cast, office: Client) -> None:
    values = {
        "starts": f"{timezone.localdate():%Y-%m-%d}",
        "password_length": "12",
        "failures": "5",
        "lock_minutes": "15",
        "session_hours": "8",
        "source": "试行",
    }
    path = "/desk/sign-in-rules/new/set_sign_in_rule/"
    confirm(office, path)
    assert office.post(path, values).status_code == 403
    city = signed_in("city_officer")
    confirm(city, path)
    assert city.post(path, values).status_code == 302
    assert SignInRule.objects.order_by("-starts")[0].password_length == 12


def test_a_post_is_opened_changed_and_closed_by_the_pages(cast: Cast, office: Client) -> None:
    today = f"{timezone.localdate():%Y-%m-%d}"
    values = {"title": "夜巡岗", "role": str(cast.roles["clerk"].pk), "kind": "part"}
    made = office.post(
        "/desk/posts/new/open_post/",
        {**values, "unit": str(cast.grid.pk), "opened": today},
    )
    assert made.status_code == 302
    post = Post.objects.get(title="夜巡岗")
    assert made["Location"] == f"/desk/posts/{post.pk}/"
    office.post(f"/desk/posts/{post.pk}/change_post/", {**values, "title": "夜巡员"})
    post.refresh_from_db()
    assert post.title == "夜巡员"
    assert office.post(f"/desk/posts/{post.pk}/close_post/", {"ends": today}).status_code == 422


@pytest.mark.parametrize("name", ["stranger", "urban_management"])
def test_who_sees_no_branch_sees_nobody(cast: Cast, name: str) -> None:
    page = signed_in(name).get("/desk/staff/")
    assert "王小芳" not in page.text
