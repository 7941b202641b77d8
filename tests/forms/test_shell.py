"""The shell that every page stands in, the pages for when something fails, and allauth's pages in our
look."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.messages.storage.base import Message
from django.template.loader import get_template, render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views import defaults
from django.views.csrf import csrf_failure

from assessments.forms.base import GovukForm
from tests.factories import second_factor_client
from tests.forms.trees import broken_references, one, page_tree, text, tree, unlabelled

pytestmark = pytest.mark.urls("tests.forms.urls")


class NameForm(GovukForm):
    name = forms.CharField(label="Name")


def shell(**context: Any) -> Any:
    return tree(render_to_string("base.html", context))


def test_shell_with_errors_says_so_in_title_and_summary() -> None:
    page = shell(form=NameForm({}))

    assert text(one(page.xpath("//title"))) == "Error: Spinout - Spinout"
    assert page.xpath("//main//*[contains(@class, 'error-summary')]//a/@href") == ["#id_name"]


def test_shell_without_errors() -> None:
    page = shell(form=NameForm())

    assert text(one(page.xpath("//title"))) == "Spinout - Spinout"
    assert page.xpath("//*[contains(@class, 'error')]") == []
    assert broken_references(page) == []


def test_shell_flag_of_a_page_that_prints_its_own_summary() -> None:
    assert text(one(shell(has_errors=True).xpath("//title"))).startswith("Error: ")


def test_shell_has_landmarks_language_and_a_way_past_the_header() -> None:
    page = shell()

    assert page.get("lang") == "en-GB"
    assert page.xpath("//body/*[self::a or self::header][1]/@href") == ["#main-content"]
    assert one(page.xpath("//main")).get("id") == "main-content"
    assert one(page.xpath("//header")) is not None
    assert "ranks nobody" in text(one(page.xpath("//footer")))


def test_shell_runs_no_script_of_its_own_page_and_no_inline_style() -> None:
    page = shell(messages=[Message(messages.SUCCESS, "Saved")])

    assert [script for script in page.xpath("//script") if not script.get("src")] == []
    assert page.xpath("//@style | //style | //@onclick") == []


def test_shell_is_not_dressed_as_gov_uk() -> None:
    html = render_to_string("base.html").lower()

    assert not re.search("crown|gov\\.uk|logotype|open government licence", html)


def test_messages_become_banners_with_names_of_their_own() -> None:
    evil = "<script>x</script>"
    page = shell(messages=[Message(messages.SUCCESS, "Saved"), Message(messages.INFO, evil)])

    banners = page.xpath("//*[contains(@class, 'govuk-notification-banner ') or @role='region']")
    assert [banner.get("role") for banner in banners] == ["alert", "region"]
    assert broken_references(page) == []
    assert evil in page.text_content()
    assert not page.xpath("//main//script")


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "500.html"])
def test_bare_error_page_needs_nothing(name: str) -> None:
    """No request, no context, no database (this test has none)."""
    page = tree(get_template(name).render())

    assert len(page.xpath("//h1")) == 1
    assert text(one(page.xpath("//h1"))) in text(one(page.xpath("//title")))
    assert page.xpath("//script") == []


def test_error_views_use_our_pages() -> None:
    request = RequestFactory().get("/nowhere/")
    answers = {
        400: defaults.bad_request(request, Exception()),
        403: defaults.permission_denied(request, Exception()),
        404: defaults.page_not_found(request, Exception()),
        500: defaults.server_error(request),
    }

    for status, answer in answers.items():
        assert answer.status_code == status
        assert b"app-header" in answer.content
    assert b"had been open too long" in csrf_failure(request).content


@pytest.fixture
def signed_in(db: None) -> Client:
    user = get_user_model().objects.create_user("a&b@example.org", "correct horse battery")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    # Just now: nobody is asked for the password again.
    return second_factor_client(user)


ENTRANCE = [
    ("account_login", []),
    ("account_signup", []),
    ("account_reset_password", []),
    ("account_reset_password_done", []),
    ("account_reset_password_from_key", ["1", "bad-token"]),
    ("account_reset_password_from_key_done", []),
    ("account_email_verification_sent", []),
    ("account_confirm_email", ["unknown"]),
    ("account_inactive", []),
]
MANAGE = [
    "account-name",
    "account_logout",
    "account_change_password",
    "account_email",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "usersessions_list",
    "socialaccount_connections",
]


def check_page(page: Any) -> None:
    assert len(page.xpath("//h1")) == 1
    assert "govuk-heading-l" in one(page.xpath("//h1")).get("class")
    assert broken_references(page) == []
    assert unlabelled(page) == []
    assert page.xpath("//@required | //@placeholder | //@style") == []
    assert (
        page.xpath(
            "//main//*[self::p or self::a or self::button or self::input[not(@type='hidden')]]"
            "[not(@class)][not(ancestor::label)][not(ancestor::p)][not(ancestor::li)]"
            "[not(contains(../@class, 'hint'))]"
        )
        == []
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "args"), ENTRANCE, ids=[name for name, _args in ENTRANCE])
def test_account_entrance_page(client: Client, name: str, args: list[str]) -> None:
    check_page(tree(client.get(reverse(name, args=args)).content.decode()))


@pytest.mark.parametrize("name", ["account", "account_reauthenticate", *MANAGE])
def test_account_page(signed_in: Client, name: str) -> None:
    page = tree(signed_in.get(reverse(name)).content.decode())

    check_page(page)


@pytest.mark.parametrize("name", MANAGE)
def test_account_pages_lead_back_to_the_account(signed_in: Client, name: str) -> None:
    page = tree(signed_in.get(reverse(name)).content.decode())

    assert page.xpath("//nav[@aria-label='Back']//a/@href") == [reverse("account")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "data", "links"),
    [
        ("account_login", {}, ["#id_login", "#id_password"]),
        ("account_login", {"login": "x@example.org", "password": "wrong"}, ["#id_login"]),
        ("account_signup", {"email": "x"}, ["#id_name", "#id_email", "#id_password1", "#id_password2"]),
        ("account_reset_password", {}, ["#id_email"]),
    ],
)
def test_account_errors_are_summed_up_and_linked(
    client: Client, name: str, data: dict[str, str], links: list[str]
) -> None:
    page = tree(client.post(reverse(name), data).content.decode())

    check_page(page)
    assert page.xpath("//*[contains(@class, 'error-summary')]//a/@href") == links
    assert text(one(page.xpath("//title"))).startswith("Error: ")


def test_back_link_is_a_landmark_of_its_own() -> None:
    page = page_tree('{% load govuk %}{% govuk_back_link "/" %}')

    assert one(page.xpath("//nav[@aria-label='Back']/a")).get("href") == "/"
