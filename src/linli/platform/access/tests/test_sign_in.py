"""Signing in as a browser does it: password, second factor, lock-out, sessions, duties."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.utils import timezone

from linli.platform.access import actions
from linli.platform.access.actor import Actor
from linli.platform.access.models import Account, Holding, Role
from linli.platform.access.rules import Verb
from linli.platform.access.scope import acting
from linli.platform.changes.models import Entry
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.urls("linli.platform.access.tests.urls")
ADMIN = Actor.system("test")


@pytest.fixture(autouse=True)
def fast_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    settings.ALLOWED_HOSTS = ["*"]


def sign_in(
    client: Client, name: str, password: str = PASSWORD, address: str = "10.0.0.1", **more: Any
) -> Any:
    return client.post(
        "/accounts/login/", {"login": name, "password": password, **more}, REMOTE_ADDR=address
    )


def code_of(account: Account, *, shift: int = 0) -> str:
    secret = Authenticator.objects.get(user=account, type="totp").wrap()
    from allauth.mfa.utils import decrypt

    key = decrypt(secret.instance.data["secret"])
    return format_hotp_value(hotp_value(key, int(time.time()) // 30 + shift))


def set_up_second_factor(client: Client) -> list[str]:
    """Goes through the pages as a person does; returns the recovery codes."""
    page = client.get("/accounts/totp/activate/", follow=True)
    if "reauthenticate" in page.request["PATH_INFO"]:
        page = client.post(
            page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"],
            {"password": PASSWORD, "next": "/accounts/totp/activate/"},
            follow=True,
        )
    key = client.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(key, int(time.time()) // 30))
    page = client.post("/accounts/totp/activate/", {"code": f"{code[:3]} {code[3:]}"}, follow=True)
    assert page.request["PATH_INFO"] == "/accounts/recovery-codes/"
    return [found.replace(" ", "") for found in re.findall(r"<li>([\d ]{8,})</li>", page.text)]


# ---- password --------------------------------------------------------------------------------


FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize("name", ["cast_clerk", "CAST_Clerk", "phone", "ｐｈｏｎｅ"])
def test_user_name_or_phone_and_password_open_the_desk(
    cast: Cast, client: Client, name: str
) -> None:
    phone = cast.clerk.phone
    answer = sign_in(
        client, {"phone": phone, "ｐｈｏｎｅ": phone.translate(FULL_WIDTH)}.get(name, name)
    )
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    page = client.get("/desk/whoami/").json()
    assert (page["name"], page["unit"]) == ("王小芳", "青少年宫路社区")


def test_next_is_followed_within_the_site_only(cast: Cast, client: Client) -> None:
    assert sign_in(client, "cast_clerk", next="/desk/?a=1")["Location"] == "/desk/?a=1"
    client.logout()
    assert sign_in(client, "cast_clerk", next="https://evil.example/")["Location"] == "/desk/"


def test_every_failure_looks_alike(cast: Cast, client: Client) -> None:
    texts = set()
    actions.lock_account(actor=ADMIN, account=cast.far_clerk, reason="x", at=timezone.now())
    for name in ("cast_clerk", "nobody_at_all", "cast_far_clerk"):
        page = sign_in(client, name, "wrong-password-9")
        assert page.status_code == 200
        texts.add(re.sub(r"value=\"[^\"]*\"|csrf[^>]*>", "", page.text.replace(name, "")))
    assert len(texts) == 1


def test_nobody_registers(client: Client, db: Any) -> None:
    for path in ("/accounts/signup/", "/accounts/email/", "/accounts/password/reset/"):
        assert client.get(path).status_code == 404


def test_the_session_ends_at_a_fixed_moment(cast: Cast, client: Client) -> None:
    sign_in(client, "cast_clerk")
    left = client.session.get_expiry_date() - timezone.now()
    assert timedelta(hours=11, minutes=58) < left <= timedelta(hours=12)
    with time_machine.travel(timezone.now() + timedelta(hours=11), tick=False):
        assert client.get("/desk/whoami/").json()["name"]
    with time_machine.travel(timezone.now() + timedelta(hours=12, minutes=1), tick=False):
        assert client.get("/desk/whoami/").json()["name"] == ""


def test_signing_out_needs_a_post(cast: Cast, client: Client) -> None:
    sign_in(client, "cast_clerk")
    assert "退出" in client.get("/accounts/logout/").text or client.get("/accounts/logout/")
    assert client.get("/desk/whoami/").json()["name"] == "王小芳"
    client.post("/accounts/logout/")
    assert client.get("/desk/whoami/").json()["name"] == ""


# ---- lock-out --------------------------------------------------------------------------------


def test_five_wrong_passwords_lock_this_name_at_this_address_only(
    cast: Cast, client: Client
) -> None:
    for _ in range(4):
        assert sign_in(client, "cast_clerk", "wrong-password-9").status_code == 200
    locked = sign_in(client, "cast_clerk", "wrong-password-9")
    assert locked.status_code == 429
    assert 0 < int(locked["Retry-After"]) <= 900
    until = timezone.localtime(timezone.now() + timedelta(minutes=15))
    assert f"{until:%H:%M}" in locked.text or f"{until - timedelta(minutes=1):%H:%M}" in locked.text
    # The right password does not help, and the phone of the account counts as its name.
    assert sign_in(client, "cast_clerk").status_code == 429
    assert sign_in(client, cast.clerk.phone).status_code == 429
    # A colleague at the same address and the person elsewhere go on working.
    assert sign_in(client, "cast_secretary").status_code == 302
    client.logout()
    assert sign_in(client, "cast_clerk", address="10.0.0.2").status_code == 302


def test_a_lock_tells_nothing_about_whether_the_account_exists(cast: Cast, client: Client) -> None:
    pages = []
    for name in ("cast_clerk", "nobody_at_all"):
        for _ in range(5):
            page = sign_in(client, name, "wrong-password-9")
        pages.append((page.status_code, re.sub(r"csrf[^>]*>|\d\d:\d\d", "", page.text)))
    assert pages[0] == pages[1]


def test_the_lock_ends_by_itself_and_trying_meanwhile_does_not_lengthen_it(
    cast: Cast, client: Client
) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        for _ in range(5):
            sign_in(client, "cast_clerk", "wrong-password-9")
        clock.shift(timedelta(minutes=14))
        assert sign_in(client, "cast_clerk").status_code == 429
        clock.shift(timedelta(minutes=1, seconds=5))
        assert sign_in(client, "cast_clerk").status_code == 302


def test_whoever_looks_after_the_account_lifts_the_lock(cast: Cast, client: Client) -> None:
    for _ in range(5):
        sign_in(client, "cast_clerk", "wrong-password-9")
    actions.unlock_account(actor=ADMIN, account=cast.clerk, at=timezone.now())
    assert sign_in(client, "cast_clerk").status_code == 302


def test_success_forgets_earlier_failures(cast: Cast, client: Client) -> None:
    for _ in range(3):
        for _ in range(4):
            assert sign_in(client, "cast_clerk", "wrong-password-9").status_code == 200
        assert sign_in(client, "cast_clerk").status_code == 302
        client.logout()


def test_the_rule_in_force_decides(cast: Cast, client: Client) -> None:
    actions.set_sign_in_rule(
        actor=ADMIN,
        starts=timezone.localdate(),
        password_length=12,
        failures=3,
        lock_minutes=60,
        session_hours=1,
        source="试行",
        at=timezone.now(),
    )
    for _ in range(2):
        assert sign_in(client, "cast_clerk", "wrong-password-9").status_code == 200
    locked = sign_in(client, "cast_clerk", "wrong-password-9")
    assert locked.status_code == 429
    assert int(locked["Retry-After"]) > 3500


# ---- duties ----------------------------------------------------------------------------------


def test_the_first_password_must_be_changed_before_working(cast: Cast, client: Client) -> None:
    account, secret = actions.open_account(
        actor=ADMIN, unit=cast.community, username="xin.ren", full_name="新人", at=timezone.now()
    )
    actions.appoint(
        actor=ADMIN,
        account=account,
        post=cast.post("clerk"),
        starts=timezone.localdate(),
        at=timezone.now(),
    )
    sign_in(client, "xin.ren", secret)
    sent = client.get("/desk/whoami/")
    assert (sent.status_code, sent["Location"]) == (302, "/accounts/password/change/")
    page = client.post(
        "/accounts/password/change/",
        {"oldpassword": secret, "password1": "xin.ren2026", "password2": "xin.ren2026"},
    )
    assert page.status_code == 200
    fresh = {"oldpassword": secret, "password1": "Osmanthus-Rain-8"}
    assert (
        client.post(
            "/accounts/password/change/", {**fresh, "password2": "Osmanthus-Rain-9"}
        ).status_code
        == 200
    )
    done = client.post("/accounts/password/change/", {**fresh, "password2": "Osmanthus-Rain-8"})
    assert done.status_code == 302
    assert client.get("/desk/whoami/").json()["post"] == "社区工作者"
    with acting(ADMIN):
        entry = Entry.objects.get(verb=Verb.CHANGE_PASSWORD)
    assert entry.account_id == account.pk


def test_htmx_is_sent_to_the_duty_as_a_whole_page(cast: Cast, client: Client) -> None:
    _account, secret = actions.open_account(
        actor=ADMIN, unit=cast.community, username="xin.ren", full_name="新人", at=timezone.now()
    )
    sign_in(client, "xin.ren", secret)
    answer = client.get("/desk/whoami/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/accounts/password/change/")


def test_a_role_that_demands_a_second_factor_is_refused_until_it_is_set_up(
    cast: Cast, client: Client
) -> None:
    Role.objects.filter(pk=cast.roles["secretary"].pk).update(needs_second_factor=True)
    sign_in(client, "cast_secretary")
    sent = client.get("/desk/whoami/")
    assert (sent.status_code, sent["Location"]) == (302, "/accounts/security/needed/")
    assert client.get("/accounts/security/needed/").status_code == 200
    set_up_second_factor(client)
    assert client.get("/desk/whoami/").json()["post"] == "社区书记"
    assert client.get("/accounts/security/needed/")["Location"] == "/desk/"
    removing = client.post("/accounts/totp/deactivate/")
    assert removing.status_code == 200
    assert Authenticator.objects.filter(user=cast.secretary, type="totp").exists()


# ---- second factor ---------------------------------------------------------------------------


def test_signing_in_asks_for_the_code_and_a_recovery_code_works_once(
    cast: Cast, client: Client
) -> None:
    sign_in(client, "cast_clerk")
    codes = set_up_second_factor(client)
    assert len(codes) == 10
    client.post("/accounts/logout/")

    assert sign_in(client, "cast_clerk")["Location"].startswith("/accounts/code/")
    assert client.get("/desk/whoami/").json()["name"] == ""
    assert client.post("/accounts/code/", {"code": "000000"}).status_code == 200
    assert client.post("/accounts/code/", {"code": code_of(cast.clerk)}).status_code == 302
    assert client.get("/desk/whoami/").json()["name"] == "王小芳"
    client.post("/accounts/logout/")

    sign_in(client, "cast_clerk")
    assert client.post("/accounts/code/", {"code": codes[0]}).status_code == 302
    client.post("/accounts/logout/")
    sign_in(client, "cast_clerk")
    assert client.post("/accounts/code/", {"code": codes[0]}).status_code == 200
    assert client.post("/accounts/code/", {"code": codes[1]}).status_code == 302


def test_recovery_codes_are_shown_once(cast: Cast, client: Client) -> None:
    sign_in(client, "cast_clerk")
    codes = set_up_second_factor(client)
    again = client.get("/accounts/recovery-codes/")
    assert again.status_code == 200
    assert not any(code in again.text.replace(" ", "") for code in codes)
    made = client.post("/accounts/recovery-codes/generate/", follow=True)
    new = [found.replace(" ", "") for found in re.findall(r"<li>([\d ]{8,})</li>", made.text)]
    assert len(new) == 10
    assert set(new).isdisjoint(codes)


def test_wrong_codes_lock_like_wrong_passwords(cast: Cast, client: Client) -> None:
    sign_in(client, "cast_clerk")
    set_up_second_factor(client)
    client.post("/accounts/logout/")
    sign_in(client, "cast_clerk", address="127.0.0.1")
    for _ in range(4):
        assert client.post("/accounts/code/", {"code": "000000"}).status_code == 200
    assert client.post("/accounts/code/", {"code": "000000"}).status_code == 429
    assert client.post("/accounts/code/", {"code": code_of(cast.clerk)}).status_code == 429
    assert client.get("/desk/whoami/").json()["name"] == ""


def test_the_secret_is_sealed_in_the_database(cast: Cast, client: Client) -> None:
    sign_in(client, "cast_clerk")
    set_up_second_factor(client)
    stored = Authenticator.objects.get(user=cast.clerk, type="totp").data["secret"]
    assert stored.startswith("gAAAA")


def test_setting_up_and_losing_a_factor_is_on_record(
    cast: Cast, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    sign_in(client, "cast_clerk")
    with django_capture_on_commit_callbacks(execute=True):
        set_up_second_factor(client)
    actions.reset_second_factor(
        actor=ADMIN, account=cast.clerk, reason="手机丢失", at=timezone.now()
    )
    with acting(ADMIN):
        verbs = list(
            Entry.objects.filter(subject_id=cast.clerk.pk).order_by("seq").values_list("verb")
        )
    assert verbs == [(str(Verb.SET_UP_SECOND_FACTOR),), (str(Verb.RESET_SECOND_FACTOR),)]
    assert client.get("/desk/whoami/").json()["name"] == ""
    assert sign_in(client, "cast_clerk")["Location"] == "/desk/"


def test_sensitive_pages_ask_for_the_password_again(cast: Cast, client: Client) -> None:
    sign_in(client, "cast_clerk")
    sent = client.get("/accounts/totp/activate/")
    assert sent.status_code == 302
    assert sent["Location"].startswith("/accounts/reauthenticate/")
    wrong = client.post(sent["Location"], {"password": "wrong-password-9"})
    assert wrong.status_code == 200
    assert "/accounts/reauthenticate/" in client.get("/accounts/totp/activate/")["Location"]


# ---- sessions and capacities -----------------------------------------------------------------


def test_sessions_are_listed_and_ended(cast: Cast) -> None:
    here, phone, tablet = Client(), Client(), Client()
    for client, agent in (
        (here, "Mozilla/5.0 (Windows NT 10.0) Chrome/130"),
        (phone, "Mozilla/5.0 (Linux; Android 14; HarmonyOS) MicroMessenger/8.0"),
        (tablet, "Mozilla/5.0 (iPad) Safari/605"),
    ):
        client.defaults["HTTP_USER_AGENT"] = agent
        sign_in(client, "cast_clerk")
    page = here.get("/accounts/sessions/")
    assert "Windows" in page.text
    assert "iPad" in page.text
    one = re.findall(r'name="end" value="(\d+)"', page.text)[0]
    here.post("/accounts/sessions/", {"end": one})
    alive = [client.get("/desk/whoami/").json()["name"] for client in (phone, tablet)]
    assert sorted(alive) == ["", "王小芳"]
    here.post("/accounts/sessions/", {"end": "others"})
    assert [client.get("/desk/whoami/").json()["name"] for client in (here, phone, tablet)] == [
        "王小芳",
        "",
        "",
    ]


def test_nobody_ends_the_session_of_another(cast: Cast) -> None:
    mine, other = Client(), Client()
    sign_in(mine, "cast_clerk")
    sign_in(other, "cast_secretary")
    from allauth.usersessions.models import UserSession

    foreign = UserSession.objects.get(user=cast.secretary)
    mine.post("/accounts/sessions/", {"end": str(foreign.pk)})
    assert other.get("/desk/whoami/").json()["name"] == "沈丽华"


def test_changing_the_password_signs_out_elsewhere(cast: Cast) -> None:
    here, there = Client(), Client()
    sign_in(here, "cast_clerk")
    sign_in(there, "cast_clerk")
    new = "Osmanthus-Rain-8"
    done = here.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert done.status_code == 302
    assert here.get("/desk/whoami/").json()["name"] == "王小芳"
    assert there.get("/desk/whoami/").json()["name"] == ""


def test_locking_and_releasing_take_effect_in_a_running_session(cast: Cast) -> None:
    client, other = Client(), Client()
    sign_in(client, "cast_clerk")
    sign_in(other, "cast_secretary")
    with acting(ADMIN):
        holding = Holding.objects.select_related("post__role").get(account=cast.clerk)
    actions.release(actor=ADMIN, holding=holding, ends=timezone.localdate(), at=timezone.now())
    page = client.get("/desk/whoami/").json()
    assert (page["name"], page["verbs"], page["lo"]) == ("王小芳", 0, "")
    actions.lock_account(actor=ADMIN, account=cast.secretary, reason="离职", at=timezone.now())
    assert other.get("/desk/whoami/").json()["name"] == ""


def test_one_acts_in_one_capacity_at_a_time(cast: Cast, client: Client) -> None:
    actions.grant(
        actor=ADMIN,
        post=cast.post("clerk"),
        role=cast.roles["clerk"],
        unit=cast.other_community,
        starts=timezone.localdate(),
        at=timezone.now(),
    )
    sign_in(client, "cast_clerk")
    first = client.get("/desk/whoami/").json()["unit"]
    other = ({"青少年宫路社区", "金山社区"} - {first}).pop()
    unit = cast.other_community if other == "金山社区" else cast.community
    key = f"{cast.post('clerk').pk}.{unit.pk}"
    client.post("/accounts/capacity/", {"capacity": key, "next": "/desk/"})
    page = client.get("/desk/whoami/").json()
    assert (page["unit"], page["lo"]) == (other, unit.key)
    # A capacity that is not one's own changes nothing.
    foreign = f"{cast.post('secretary').pk}.{cast.community.pk}"
    client.post("/accounts/capacity/", {"capacity": foreign})
    assert client.get("/desk/whoami/").json()["unit"] == other


def test_a_stranger_without_a_post_has_no_rights(cast: Cast, client: Client) -> None:
    sign_in(client, "cast_stranger")
    page = client.get("/desk/whoami/").json()
    assert (page["name"], page["verbs"]) == ("石头", 0)


PAGES = [
    "/accounts/security/",
    "/accounts/sessions/",
    "/accounts/password/change/",
    "/accounts/logout/",
    "/accounts/totp/activate/",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_stands_in_both_languages(cast: Cast, client: Client, path: str) -> None:
    sign_in(client, "cast_clerk")
    for language in ("zh-hans", "en"):
        client.cookies["django_language"] = language
        page = client.get(path, follow=True)
        assert page.status_code == 200
        assert " style=" not in page.text
