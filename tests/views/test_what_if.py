"""The pages of a what-if: labelled, shareable, and of no effect on the assessment."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Answer, Assessment, User, WhatIf
from assessments.services import cash_flow
from tests.cashflow.examples import example
from tests.factories import answer_everything, level, make_assessment, make_what_if, save
from tests.views.browser import sent_by

LABEL = "What if: nothing here changes the assessment."
RATE = "pensions.contribution-rate"
GATE = "pensions.rate-from-the-fund"
FINISH = "finish:pensions"
SCRIPT = '<script>alert("x")</script>&'


@pytest.fixture
def assessment(alice: User) -> Assessment:
    return make_assessment(alice)


@pytest.fixture
def client(alice: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(alice)


def address(name: str, kept: WhatIf) -> str:
    return reverse(name, args=[kept.assessment_id, kept.pk])


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


def with_figures(assessment: Assessment) -> None:
    cash_flow.save_cash_flow(assessment=assessment, by=assessment.lead, version=0, table=example("a")["cashflow"])


# Every page ---------------------------------------------------------------------------------------------------


def every_page(assessment: Assessment) -> list[str]:
    kept = make_what_if(assessment, answers={RATE: None})
    own = ("what-if", "what-if-edit", "what-if-answers", "what-if-rename", "what-if-delete")
    return [
        reverse("what-ifs", args=[assessment.pk]),
        reverse("what-if-new", args=[assessment.pk]),
        *(address(name, kept) for name in own),
    ]


def test_every_page_says_what_it_is(assessment: Assessment, client: Client) -> None:
    for url in every_page(assessment):
        page = client.get(url).content.decode()
        title = re.search("<title>(.*?)</title>", page, re.DOTALL)
        assert title is not None
        assert "What if" in title[1]
        assert "othing here changes the assessment" in title[1]
        assert LABEL in page


def test_text_is_text(assessment: Assessment, client: Client) -> None:
    make_what_if(assessment, name=SCRIPT, done=[SCRIPT], answers={SCRIPT: 2, RATE: None})
    kept = WhatIf.objects.get()
    for name in ("what-if", "what-if-edit", "what-if-answers", "what-if-rename", "what-if-delete"):
        assert SCRIPT not in client.get(address(name, kept)).content.decode()
    assert SCRIPT not in client.get(reverse("what-ifs", args=[assessment.pk])).content.decode()


def test_of_another_assessment(assessment: Assessment, charlie: User, signed_in: Callable[[User], Client]) -> None:
    """Neither by one's own assessment and somebody else's what-if, nor the other way round."""
    his = make_assessment(charlie)
    of_hers = make_what_if(assessment)
    client = signed_in(charlie)

    for name in ("what-if", "what-if-edit", "what-if-answers", "what-if-rename", "what-if-delete"):
        assert client.get(reverse(name, args=[his.pk, of_hers.pk])).status_code == 404
        assert client.post(reverse(name, args=[his.pk, of_hers.pk])).status_code in (404, 405)
        assert client.get(reverse(name, args=[assessment.pk, of_hers.pk])).status_code == 404
    assert WhatIf.objects.filter(pk=of_hers.pk).exists()


# The list -----------------------------------------------------------------------------------------------------


def test_empty_list(assessment: Assessment, client: Client) -> None:
    assert "There is none yet." in client.get(reverse("what-ifs", args=[assessment.pk])).content.decode()


def test_list_says_how_much_is_tried(assessment: Assessment, client: Client) -> None:
    make_what_if(assessment, done=["a", "b"], answers={RATE: 2}, cash={"loan": "0"})
    make_what_if(assessment, name="Nothing in it")

    page = text_of(client.get(reverse("what-ifs", args=[assessment.pk])))

    assert "2 actions done, 1 answer changed and 1 figure changed." in page
    assert "Nothing is tried yet." in page


def test_list_shows_this_assessment_only(assessment: Assessment, alice: User, client: Client) -> None:
    make_what_if(make_assessment(alice), name="Of the other one")

    assert "Of the other one" not in text_of(client.get(reverse("what-ifs", args=[assessment.pk])))


# Making and changing -------------------------------------------------------------------------------------------


def test_make_with_an_action(assessment: Assessment, client: Client) -> None:
    response = client.post(reverse("what-if-new", args=[assessment.pk]), {"name": "If", "done-pensions": [FINISH]})

    kept = WhatIf.objects.get()
    assert response["Location"] == address("what-if", kept)
    assert (kept.name, kept.done, kept.answers, kept.made_by) == ("If", [FINISH], {}, assessment.lead)


def test_make_with_answers_asks_how(assessment: Assessment, client: Client) -> None:
    data = {"name": "If", "items-pensions": [RATE, GATE]}

    response = client.post(reverse("what-if-new", args=[assessment.pk]), data, follow=True)

    kept = WhatIf.objects.get()
    assert response.redirect_chain == [(address("what-if-answers", kept), 302)]
    assert assessment.catalogue.question(RATE).text in unescape(text_of(response))

    response = client.post(address("what-if-answers", kept), {f"set-{RATE}": "3", f"set-{GATE}": "not_met"})

    kept.refresh_from_db()
    assert response["Location"] == address("what-if", kept)
    assert kept.answers == {RATE: 3, GATE: "not_met"}


def test_wrong_name_keeps_what_was_ticked(assessment: Assessment, client: Client) -> None:
    data = {"name": "", "done-pensions": [FINISH], "items-pensions": [RATE]}

    response = client.post(reverse("what-if-new", args=[assessment.pk]), data)

    page = response.content.decode()
    assert "<title>Error: What if" in page
    assert not WhatIf.objects.exists()
    sent = sent_by(response)
    assert (sent["done-pensions"], sent["items-pensions"]) == ([FINISH], [RATE])


def test_answer_not_chosen(assessment: Assessment, client: Client) -> None:
    kept = make_what_if(assessment, answers={RATE: None, GATE: None})

    response = client.post(address("what-if-answers", kept), {f"set-{RATE}": "3"})

    assert "Choose an answer, or leave it as it is: Rate from the fund" in response.content.decode()
    assert sent_by(response)[f"set-{RATE}"] == ["3"]


def test_change_comes_back_as_it_was_saved(assessment: Assessment, client: Client) -> None:
    with_figures(assessment)
    given = {
        "done": [FINISH],
        "answers": {RATE: 2, GATE: "met"},
        "cash": {"opening_cash": "50000.00", "mode": "advance", "pay_by": "0.05"},
    }
    kept = make_what_if(assessment, **given)

    response = client.post(address("what-if-edit", kept), sent_by(client.get(address("what-if-edit", kept))))

    assert response["Location"] == address("what-if", kept)
    kept.refresh_from_db()
    assert {name: getattr(kept, name) for name in given} == given


def test_stale_page_is_told(assessment: Assessment, client: Client) -> None:
    data = {"name": "If", "done-pensions": ["pensions.gone"]}

    response = client.post(reverse("what-if-new", args=[assessment.pk]), data, follow=True)

    assert "not in the plan or not asked any more, and was left out" in text_of(response)


def test_answers_page_without_answers(assessment: Assessment, client: Client) -> None:
    kept = make_what_if(assessment)

    assert client.get(address("what-if-answers", kept))["Location"] == address("what-if", kept)


def test_rename(assessment: Assessment, client: Client) -> None:
    kept = make_what_if(assessment)

    client.post(address("what-if-rename", kept), {"name": "Another name"})

    assert WhatIf.objects.get().name == "Another name"


def test_delete_asks_first(assessment: Assessment, client: Client) -> None:
    kept = make_what_if(assessment)

    assert "Delete this what-if?" in client.get(address("what-if-delete", kept)).content.decode()
    assert WhatIf.objects.exists()

    response = client.post(address("what-if-delete", kept), follow=True)

    assert not WhatIf.objects.exists()
    assert "Deleted: If all goes well." in text_of(response)


# What moves ---------------------------------------------------------------------------------------------------


def test_nothing_tried(assessment: Assessment, client: Client) -> None:
    page = text_of(client.get(address("what-if", make_what_if(assessment))))

    assert "Nothing is tried yet." in page
    assert "The whole stays not yet known: between Red and Green." in page
    assert "10 barriers stay as they are" in page


def test_colours_move(assessment: Assessment, client: Client) -> None:
    page = text_of(client.get(address("what-if", make_what_if(assessment, done=[FINISH]))))

    assert "The whole stays" in page
    assert "9 barriers stay as they are" in page
    assert re.search(r"Pensions Red to Green Index 0 to 100% Green Index", page)
    assert "One action only finds something out, or finish answering." in page


def test_way_up(assessment: Assessment, client: Client) -> None:
    response = client.post(reverse("what-if-way-up", args=[assessment.pk]), follow=True)

    assert response.redirect_chain == [(address("what-if", WhatIf.objects.get()), 302)]
    assert "The whole moves from Red to Amber at worst; " in text_of(response)


def test_do_now(assessment: Assessment, client: Client) -> None:
    response = client.post(reverse("what-if-do-now", args=[assessment.pk]), follow=True)

    assert "Every action marked “Do now”" in text_of(response)


def test_later_because_more_is_known(assessment: Assessment, alice: User, client: Client) -> None:
    """At worst nothing is known of a barrier; the first level of it calls for the work up to the one needed."""
    kept = make_what_if(assessment, answers={RATE: 0})

    page = text_of(client.get(address("what-if", kept)))

    assert "weeks later" in page
    assert (
        "comes later: one answer that is missing now is taken as known here, and what is known calls for work." in page
    )


def test_other_actions_that_are_needed(assessment: Assessment, alice: User, client: Client) -> None:
    save(assessment, alice, {RATE: level(0)})
    first, *_rest = assessment.catalogue.question(RATE).actions  # type: ignore[union-attr]
    kept = make_what_if(assessment, done=[first])

    page = text_of(client.get(address("what-if", kept)))

    assert "What else is needed" in page
    assert "Contribution rate stays open: it also needs" in page


def test_cash_moves(assessment: Assessment, client: Client) -> None:
    with_figures(assessment)

    page = text_of(client.get(address("what-if", make_what_if(assessment, cash={"opening_cash": "100000"}))))

    assert "Lowest balance with the funding planned, within a month -£112,000" in page
    assert "Opening cash: £100,000; now £0" in page


def test_no_cash_without_figures(assessment: Assessment, client: Client) -> None:
    kept = make_what_if(assessment)

    assert 'id="cash"' not in client.get(address("what-if", kept)).content.decode()
    assert "Opening cash" not in client.get(address("what-if-edit", kept)).content.decode()


def test_assessment_changed_since(assessment: Assessment, alice: User, client: Client) -> None:
    kept = make_what_if(assessment, answers={RATE: 3})
    assert "changed since" not in text_of(client.get(address("what-if", kept)))

    save(assessment, alice, {RATE: level(1)})

    assert "The assessment changed since this was made" in text_of(client.get(address("what-if", kept)))


def test_ids_that_are_lost(assessment: Assessment, client: Client) -> None:
    kept = make_what_if(assessment, done=["pensions.gone"], answers={"pensions.lost": 2})

    page = text_of(client.get(address("what-if", kept)))
    assert "“pensions.gone” is no action of this edition any more. It is left out." in page
    assert "“pensions.lost” is no question or gate of this edition any more. It is left out." in page
    assert client.get(address("what-if-edit", kept)).status_code == 200
    assert client.get(address("what-if-answers", kept)).status_code == 302


def test_looking_writes_nothing(assessment: Assessment, client: Client) -> None:
    answer_everything(assessment)
    kept = make_what_if(assessment, done=[FINISH], answers={RATE: 4})

    with CaptureQueriesContext(connection) as asked:
        client.get(address("what-if", kept))

    assert [query["sql"] for query in asked if not query["sql"].lstrip().startswith("SELECT")] == []
    assert len(asked) <= 8
    assert Answer.objects.get(item=RATE).level == 3


def test_ways_there(assessment: Assessment, client: Client) -> None:
    index = reverse("what-ifs", args=[assessment.pk])
    result = client.get(reverse("assessment-result", args=[assessment.pk])).content.decode()

    assert index in result
    assert reverse("what-if-way-up", args=[assessment.pk]) in result
    assert index in client.get(reverse("assessment", args=[assessment.pk])).content.decode()
