"""The desk of cases, through the whole stack, as people of the cast."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from linli.modules.cases.models import Case
from linli.modules.cases.rules import Verb
from linli.modules.cases.states import State
from linli.modules.cases.tests.conftest import Story
from linli.platform.access.actor import Actor
from linli.platform.access.models import Account
from linli.platform.access.scope import acting

pytestmark = pytest.mark.django_db

PAGES = ("/desk/", "/desk/cases/", "/desk/case-board/", "/desk/case-map/", "/desk/case-figures/",
         "/desk/case-categories/", "/desk/case-limits/", "/desk/cases/new/report/")  # fmt: skip


def signed_in(account: Account, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(account, backend="linli.platform.access.login.NameOrPhoneBackend")
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def reread(case: Case) -> Case:
    with acting(Actor.system("test")):
        return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize("url", PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens(story: Story, url: str, language: str) -> None:
    story.dispatched()
    response = signed_in(story.cast.clerk, language).get(url)
    assert response.status_code == 200, text(response)[:400]


def test_somebody_elsewhere_sees_nothing_of_it(story: Story) -> None:
    case = story.report()
    other = signed_in(story.cast.other_clerk)
    for url in ("/desk/cases/", "/desk/case-board/", "/desk/case-map/",
                "/desk/case-map/points.geojson", f"/desk/search/?q={case.number}"):  # fmt: skip
        page = text(other.get(url)).replace(" ", "")
        assert case.text not in page
        assert f"/desk/cases/{case.number}/" not in page
    assert other.get(f"/desk/cases/{case.number}/").status_code == 404
    assert other.get(f"/desk/cases/{case.number}/reporter/").status_code == 404
    assert other.post(f"/desk/cases/{case.number}/file").status_code == 404
    assert reread(case).state == State.REPORTED


def test_from_the_list_to_closed_by_buttons_alone(story: Story) -> None:
    case = story.report()
    clerk, worker = signed_in(story.cast.clerk), signed_in(story.cast.grid_worker)
    secretary = signed_in(story.cast.secretary)
    url = f"/desk/cases/{case.number}/"
    assert clerk.post(f"{url}file").status_code == 302
    page = text(clerk.get(f"{url}dispatch/"))
    assert str(story.cast.post("grid_worker").pk) in page
    handed = clerk.post(f"{url}dispatch/", {"to": "", "other": story.cast.post("grid_worker").pk})
    assert handed.status_code == 302, text(handed)[:300]
    assert worker.post(f"{url}take").status_code == 302
    finished = worker.post(f"{url}finish/", {"result": "已挪走"})
    assert finished.status_code == 302, text(finished)[:300]
    # Whoever handled it cannot verify it, and is told so.
    refused = worker.post(f"{url}verify/", {"words": ""})
    assert refused.status_code in (403, 409, 422)
    assert secretary.post(f"{url}verify/", {"words": "已核实"}).status_code == 302
    assert reread(case).state == State.CLOSED


def test_a_report_taken_by_telephone_is_on_behalf_of_the_caller(story: Story) -> None:
    clerk = signed_in(story.cast.clerk)
    answer = clerk.post(
        "/desk/cases/new/report/",
        {
            "channel": "phone", "category": "A01", "text": "楼下通道被货车堵住",
            "unit": str(story.cast.community.pk), "name": "赵大爷", "phone": "13812345678",
        },
    )  # fmt: skip
    assert answer.status_code == 302, text(answer)[:500]
    with acting(Actor.system("test")):
        from linli.platform.changes.models import Entry

        entry = Entry.objects.get(verb=Verb.REPORT)
        assert (entry.on_behalf_of, entry.account_id) == ("赵**", story.cast.clerk.pk)
    # The trail cannot forget a name, and many read it who may not see the contact.
    page = text(clerk.get(answer["Location"]))
    assert "赵大爷" not in page
    assert "13812345678" not in page


def test_faults_of_a_report_stand_at_their_fields_and_input_is_kept(story: Story) -> None:
    clerk = signed_in(story.cast.clerk)
    answer = clerk.post(
        "/desk/cases/new/report/",
        {"channel": "phone", "category": "I02", "text": "字" * 5000, "phone": "12"},
    )
    page = text(answer)
    assert answer.status_code == 422
    assert "字字字" in page
    assert 'href="#id_text"' in page


def test_a_stale_page_says_so_and_keeps_the_words(story: Story) -> None:
    case = story.report()
    seen = case.version
    signed_in(story.cast.secretary).post(f"/desk/cases/{case.number}/accept")
    answer = signed_in(story.cast.clerk).post(
        f"/desk/cases/{case.number}/reject/", {"reason": "查无此事", "version": seen}
    )
    assert answer.status_code == 409
    assert "查无此事" in text(answer)
    assert reread(case).state == State.ACCEPTED


def test_the_contact_is_masked_until_a_reason_is_given(story: Story) -> None:
    case = story.report()
    clerk = signed_in(story.cast.clerk)
    url = f"/desk/cases/{case.number}/"
    assert "13812345678" not in text(clerk.get(url))
    assert clerk.get(f"{url}reporter/").status_code == 404
    assert clerk.post(f"{url}see_reporter/", {"reason": "回访"}).status_code == 302
    assert "13812345678" in text(clerk.get(f"{url}reporter/"))
    # Somebody else needs a reason of their own.
    assert signed_in(story.cast.secretary).get(f"{url}reporter/").status_code == 404


def test_the_list_takes_few_questions(story: Story, django_assert_max_num_queries: Any) -> None:
    for _number in range(3):
        story.dispatched()
    client = signed_in(story.cast.clerk)
    client.get("/desk/cases/")
    with django_assert_max_num_queries(30):
        client.get("/desk/cases/")
