"""What a person meets in a form: errors that lead somewhere, groups that say what they are, text that stays
text."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict

from assessments.forms import govuk
from assessments.forms.base import GovukForm
from assessments.forms.fields import DateField, LongTextField, MoneyField
from tests.forms.trees import broken_references, form_tree, one, page_tree, text, unlabelled

# crispy looks the address of a plain form up among the site's.
pytestmark = pytest.mark.urls("tests.forms.urls")

LEVELS = [("0", "Not started"), ("1", "Begun"), ("2", "Half way"), ("dont_know", "Do not know")]


class AnswerForm(GovukForm):
    level = forms.ChoiceField(label="How far is it?", help_text="Choose one", choices=LEVELS, widget=forms.RadioSelect)
    who = forms.CharField(label="Who would know?", required=False)
    by = DateField(label="By when?", noun="Date", required=False)
    proved = DateField(label="Date of the proof", help_text="For example, 27 3 2027")
    amount = MoneyField(label="Cost a year, in pounds")
    staff = forms.IntegerField(label="Number of staff")
    note = LongTextField(label="Note", max_length=20)
    schemes = forms.MultipleChoiceField(
        label="Schemes",
        choices=[("lgps", "Local government"), ("nhs", "NHS"), ("none", "None")],
        widget=forms.CheckboxSelectMultiple,
    )
    stage = forms.ChoiceField(label="Stage", choices=[("", "Choose"), ("plan", "Plan")])
    proof = forms.FileField(label="Proof")
    agreed = forms.BooleanField(label="I may say this", help_text="Ask first")
    version = forms.CharField(widget=forms.HiddenInput)

    def layout(self) -> list[govuk.Part | str]:
        return [
            govuk.Radios(
                "level",
                size="m",
                hints={"0": "Nothing yet"},
                reveals={"dont_know": ["who", "by"]},
                dividers={"dont_know": "or"},
            ),
            "proved",
            govuk.Input("amount", prefix="£", width=10, inputmode="numeric"),
            "staff",
            "note",
            govuk.Checkboxes("schemes", exclusive=["none"]),
            "stage",
            "proof",
            "agreed",
        ]

    def clean(self) -> dict[str, Any]:
        if "refused" in self.data:
            raise forms.ValidationError("Somebody else saved this")
        return self.cleaned_data


def test_form_with_errors_leads_to_real_controls() -> None:
    page = form_tree(AnswerForm({"refused": "1", "level": "dont_know", "by-day": "1", "version": "3"}))

    assert broken_references(page) == []
    links = page.xpath("//*[contains(@class, 'error-summary')]//a")
    assert {link.get("href") for link in links} == {
        "#id_level",
        "#id_by-month",
        "#id_proved-day",
        "#id_amount",
        "#id_staff",
        "#id_note",
        "#id_schemes",
        "#id_stage",
        "#id_proof",
        "#id_agreed",
    }
    controls = {link.get("href"): one(page.xpath(f"//*[@id='{link.get('href')[1:]}']")).tag for link in links}
    assert set(controls.values()) == {"input", "textarea", "select"}


def test_error_summary_lists_form_errors_first_then_fields_as_shown() -> None:
    page = form_tree(AnswerForm({"refused": "1", "level": "dont_know", "by-day": "1", "version": "3"}))

    links = page.xpath("//*[contains(@class, 'error-summary')]//li")
    assert [text(link) for link in links][:3] == [
        "Somebody else saved this",
        "Date must include a month and year",
        "Enter date of the proof",
    ]


def test_missing_answers_are_told_apart() -> None:
    page = form_tree(AnswerForm({"version": "1"}))

    assert [text(link) for link in page.xpath("//*[contains(@class, 'error-summary')]//a")] == [
        "Choose an answer: How far is it?",
        "Enter date of the proof",
        "Enter an answer: Cost a year, in pounds",
        "Enter an answer: Number of staff",
        "Enter an answer: Note",
        "Choose an answer: Schemes",
        "Choose an answer: Stage",
        "Choose a file: Proof",
        "Tick the box: I may say this",
    ]


def test_error_of_a_field_nobody_sees_is_listed_without_a_link() -> None:
    page = form_tree(AnswerForm({"level": "0"}))

    item = page.xpath("//*[contains(@class, 'error-summary')]//li")[-1]
    assert text(item) == "Enter an answer: Version"
    assert item.xpath("a") == []


def test_form_unbound_has_no_summary_and_nothing_chosen() -> None:
    page = form_tree(AnswerForm())

    assert page.xpath("//*[contains(@class, 'error')]") == []
    assert page.xpath("//@checked") == []
    assert broken_references(page) == []


def test_choice_without_value_is_not_chosen() -> None:
    class MayForm(GovukForm):
        may = forms.ChoiceField(choices=[("", "No answer"), ("yes", "Yes")], widget=forms.RadioSelect)

    assert form_tree(MayForm(initial={"may": ""})).xpath("//@checked") == []


@pytest.mark.parametrize("data", [None, {"refused": "1"}], ids=["unbound", "bound"])
def test_every_control_has_a_label_and_every_group_a_legend(data: dict[str, str] | None) -> None:
    page = form_tree(AnswerForm(data))

    assert unlabelled(page) == []
    groups = page.xpath("//*[@type='radio' or (@type='checkbox' and @name='schemes')]")
    assert all(control.xpath("ancestor::fieldset/legend") for control in groups)


def test_required_and_limits_are_left_to_the_server() -> None:
    page = form_tree(AnswerForm())

    assert page.xpath("//@required | //@maxlength | //@min | //@max | //@step | //@placeholder") == []
    assert one(page.xpath("//form")).get("novalidate") is not None


def test_hint_then_error_describe_the_group_once() -> None:
    page = form_tree(AnswerForm({"version": "1"}))

    fieldset = page.xpath("//*[@id='id_level']/ancestor::fieldset")[-1]
    assert fieldset.get("aria-describedby") == "id_level-hint id_level-error"
    assert page.xpath("//*[@type='radio' and contains(@aria-describedby, 'error')]") == []
    assert one(page.xpath("//*[@id='id_agreed']")).get("aria-describedby") == "id_agreed-hint id_agreed-error"
    assert one(page.xpath("//*[@id='id_staff']")).get("aria-describedby") == "id_staff-error"


def test_error_message_says_error_to_who_cannot_see_it() -> None:
    page = form_tree(AnswerForm({"version": "1"}))

    message = one(page.xpath("//*[@id='id_level-error']"))
    assert text(message) == "Error: Choose an answer: How far is it?"
    assert text(one(message.xpath("span[@class='govuk-visually-hidden']"))) == "Error:"


def test_several_errors_of_a_field_stand_in_one_message() -> None:
    form = AnswerForm({"version": "1", "note": "ok"})
    form.add_error("note", "Too bold")
    form.add_error("note", "Too long")

    page = form_tree(form)

    assert text(one(page.xpath("//*[@id='id_note-error']"))) == "Error: Too boldToo long"
    assert broken_references(page) == []


def test_reveal_belongs_to_its_choice_and_is_visible_without_script() -> None:
    page = form_tree(AnswerForm())

    choice = one(page.xpath("//*[@value='dont_know']"))
    reveal = one(page.xpath(f"//*[@id='{choice.get('data-aria-controls')}']"))
    assert reveal.xpath(".//*[@name='who']")
    # The class hides only below .govuk-frontend-supported, which script puts on the body.
    assert reveal.get("class") == "govuk-radios__conditional govuk-radios__conditional--hidden"
    assert reveal.get("hidden") is None


def test_reveal_of_the_chosen_is_open() -> None:
    page = form_tree(AnswerForm({"level": "dont_know"}))

    assert page.xpath("//*[contains(@class, 'conditional--hidden')]") == []


def test_textarea_with_limit_and_no_hint_is_described_by_its_count() -> None:
    """crispy-forms-gds raises KeyError here."""
    page = form_tree(AnswerForm())

    area = one(page.xpath("//textarea"))
    assert area.get("aria-describedby") == "id_note-info"
    assert text(one(page.xpath("//*[@id='id_note-info']"))) == "You can enter up to 20 characters"
    assert one(page.xpath("//*[@data-maxlength]")).get("data-maxlength") == "20"


def test_textarea_keeps_a_first_empty_line() -> None:
    """A browser drops the first line break after the tag: it is ours."""
    assert ">\n\none\n\n two</textarea>" in render_crispy_form(AnswerForm({"note": "\none\n\n two"}))


def test_line_breaks_count_as_one_character() -> None:
    field = LongTextField(max_length=5)

    assert field.clean("ab\r\ncd") == "ab\ncd"
    with pytest.raises(forms.ValidationError, match="Use 5 characters or fewer; this has 6"):
        field.clean("abc\r\ncd")


def test_hidden_field_is_rendered_without_being_named() -> None:
    page = form_tree(AnswerForm(initial={"version": "7"}))

    assert one(page.xpath("//input[@type='hidden' and @name='version']")).get("value") == "7"


def test_file_makes_the_form_multipart_and_shows_no_path() -> None:
    files: MultiValueDict[str, UploadedFile[Any]] = MultiValueDict({"proof": [SimpleUploadedFile("secret.pdf", b"x")]})
    form = AnswerForm({"version": "1"}, files)

    page = form_tree(form)

    assert one(page.xpath("//form")).get("enctype") == "multipart/form-data"
    assert one(page.xpath("//*[@type='file']")).get("value") is None


def test_password_is_never_sent_back() -> None:
    class PasswordForm(GovukForm):
        password = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
        email = forms.EmailField(widget=forms.EmailInput(attrs={"autocomplete": "email"}))

    page = form_tree(PasswordForm({"password": "hush", "email": "x"}))

    password = one(page.xpath("//*[@name='password']"))
    assert (password.get("type"), password.get("value")) == ("password", None)
    assert password.get("autocomplete") == "current-password"
    email = one(page.xpath("//*[@name='email']"))
    assert (email.get("type"), email.get("autocomplete"), email.get("spellcheck")) == (
        "email",
        "email",
        "false",
    )


def test_whole_number_gets_digits_and_money_its_sign() -> None:
    page = form_tree(AnswerForm(initial={"staff": 48, "amount": Decimal("1200.50")}))

    staff = one(page.xpath("//*[@name='staff']"))
    assert (staff.get("type"), staff.get("inputmode"), staff.get("value")) == ("text", "numeric", "48")
    amount = one(page.xpath("//*[@name='amount']"))
    assert amount.get("value") == "1200.50"
    assert text(amount.getprevious()) == "£"
    assert "govuk-input--width-10" in amount.get("class")


@pytest.mark.parametrize(
    ("typed", "amount"), [("£1,200.50", "1200.50"), ("1 200", "1200"), (" 0 ", "0"), ("12.5", "12.5")]
)
def test_money_as_people_type_it(typed: str, amount: str) -> None:
    assert MoneyField().clean(typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["twelve", "1.234", "NaN", "1e3000", "--1", "99999999999999999999"])
def test_money_refused(typed: str) -> None:
    with pytest.raises(forms.ValidationError, match="Enter a"):
        MoneyField().clean(typed)


DATES = DateField(label="Target date", earliest=datetime.date(2026, 1, 1), latest=lambda: datetime.date(2030, 12, 31))


@pytest.mark.parametrize("month", ["3", "03", "march", "Mar", "mar.", "MARCH"])
def test_date_with_the_month_as_people_write_it(month: str) -> None:
    assert DATES.clean([" 27 ", month, "2027"]) == datetime.date(2027, 3, 27)


@pytest.mark.parametrize(
    ("typed", "message", "parts"),
    [
        (["", "", ""], "Enter target date", []),
        (["", "3", "2027"], "Target date must include a day", ["day"]),
        (["27", "", ""], "Target date must include a month and year", ["month", "year"]),
        (["32", "3", "2027"], "Target date must be a real date, like 27 3 2027", ["day"]),
        (["27", "13", "2027"], "Target date must be a real date, like 27 3 2027", ["month"]),
        (["0", "ju", "27"], "Target date must be a real date, like 27 3 2027", ["day", "month", "year"]),
        (["²", "x", "2027"], "Target date must be a real date, like 27 3 2027", ["day", "month"]),
        (["29", "2", "2027"], "Target date must be a real date, like 27 3 2027", []),
        (["1", "1", "0000"], "Target date must be a real date, like 27 3 2027", []),
        (["27", "3", "27"], "Target date must have a year of 4 numbers", ["year"]),
        (["31", "12", "2025"], "Target date must be 1 January 2026 or later", []),
        (["1", "1", "2031"], "Target date must be 31 December 2030 or earlier", []),
    ],
)
def test_date_wrong_says_what_and_where(typed: list[str], message: str, parts: list[str]) -> None:
    with pytest.raises(forms.ValidationError) as caught:
        DATES.clean(typed)

    assert caught.value.messages == [message]
    assert (caught.value.params or {})["parts"] == parts


def test_date_not_required_may_be_empty() -> None:
    assert DateField(required=False).clean(["", "", ""]) is None
    assert DateField(required=False).clean(None) is None


@pytest.mark.parametrize(
    ("data", "href", "marked"),
    [
        ({}, "#id_proved-day", ["day", "month", "year"]),
        ({"proved-day": "1", "proved-year": "2027"}, "#id_proved-month", ["month"]),
        ({"proved-day": "1", "proved-month": "1", "proved-year": "27"}, "#id_proved-year", ["year"]),
    ],
)
def test_date_error_leads_to_the_first_wrong_part(data: dict[str, str], href: str, marked: list[str]) -> None:
    page = form_tree(AnswerForm({"version": "1", **data}))

    wrong = page.xpath("//*[starts-with(@name, 'proved-') and contains(@class, 'input--error')]/@name")
    assert wrong == [f"proved-{part}" for part in marked]
    assert href in page.xpath("//*[contains(@class, 'error-summary')]//a/@href")
    group = one(page.xpath("//*[@id='id_proved-day']/ancestor::fieldset"))
    assert (group.get("role"), group.get("aria-describedby")) == ("group", "id_proved-hint id_proved-error")


def test_date_wrong_is_shown_as_it_was_typed() -> None:
    page = form_tree(AnswerForm({"proved-day": "32", "proved-month": "Mrz", "proved-year": "27"}))

    typed = [one(page.xpath(f"//*[@name='proved-{part}']")).get("value") for part in ("day", "month", "year")]
    assert typed == ["32", "Mrz", "27"]


def test_date_stored_is_shown_in_its_parts() -> None:
    page = form_tree(AnswerForm(initial={"proved": datetime.date(2027, 3, 1)}))

    assert one(page.xpath("//*[@name='proved-month']")).get("value") == "3"


def test_date_error_of_the_form_may_name_its_parts() -> None:
    form = AnswerForm({"proved-day": "1", "proved-month": "1", "proved-year": "2027", "version": "1"})
    form.add_error("proved", forms.ValidationError("Too early", params={"parts": ["year"]}))

    assert "#id_proved-year" in form_tree(form).xpath("//*[contains(@class, 'error-summary')]//a/@href")


EVIL = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>"


class EvilForm(GovukForm):
    submit_label = EVIL
    line = forms.CharField(label=EVIL, help_text=EVIL)
    lines = LongTextField(label=EVIL, help_text=EVIL, max_length=10)
    radios = forms.ChoiceField(label=EVIL, help_text=EVIL, choices=[(EVIL, EVIL)], widget=forms.RadioSelect)
    boxes = forms.MultipleChoiceField(
        label=EVIL, help_text=EVIL, choices=[(EVIL, EVIL)], widget=forms.CheckboxSelectMultiple
    )
    box = forms.BooleanField(label=EVIL, help_text=EVIL)
    select = forms.ChoiceField(label=EVIL, help_text=EVIL, choices=[(EVIL, [(EVIL, EVIL)])])
    date = DateField(label=EVIL, help_text=EVIL)
    upload = forms.FileField(label=EVIL, help_text=EVIL)

    def layout(self) -> list[govuk.Part | str]:
        return [
            govuk.Fieldset(
                EVIL,
                govuk.Input("line", prefix=EVIL, suffix=EVIL, attrs={"data-x": EVIL}),
                "lines",
                govuk.Radios("radios", hints={EVIL: EVIL}, dividers={EVIL: EVIL}),
                govuk.Checkboxes("boxes", hints={EVIL: EVIL}, exclusive=[EVIL]),
                "box",
                "select",
                "date",
                "upload",
            ),
            govuk.Static(EVIL),
            govuk.ButtonGroup(govuk.Link(EVIL, EVIL)),
        ]


@pytest.mark.parametrize(
    "data", [{}, dict.fromkeys([*EvilForm.base_fields, "date-day", "date-month", "date-year"], EVIL)]
)
def test_text_stays_text(data: dict[str, str]) -> None:
    form = EvilForm(data)
    for name in [*form.fields, None]:
        form.add_error(name, EVIL)

    page = form_tree(form)

    assert page.xpath("//script | //img | //@onerror") == []
    assert page.text_content().count("<script>alert('x')</script>") > 20
    assert broken_references(page) == []


def test_formset_summary_leads_into_each_form() -> None:
    class RowForm(GovukForm):
        name = forms.CharField()

    rows = forms.formset_factory(RowForm, extra=2, min_num=1, validate_min=True)
    formset = rows(
        {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-name": "", "form-1-name": ""},
        form_kwargs={"empty_permitted": False},
        auto_id="id_%s",
    )

    page = page_tree(
        "{% load crispy_forms_tags govuk %}{% error_summary formset %}{% crispy formset helper %}",
        formset=formset,
        helper=RowForm().helper,
    )

    assert page.xpath("//*[contains(@class, 'error-summary')]//a/@href") == [
        "#id_form-0-name",
        "#id_form-1-name",
    ]
    assert broken_references(page) == []
    assert page.xpath("//*[@name='form-TOTAL_FORMS']")


def test_prefix_keeps_two_forms_apart() -> None:
    class RowForm(GovukForm):
        day = DateField(label="Day")

    page = form_tree(RowForm({"a-day-day": "1"}, prefix="a"))

    assert one(page.xpath("//*[@id='id_a-day-day']")).get("name") == "a-day-day"
    assert one(page.xpath("//*[@id='id_a-day-day']")).get("value") == "1"


def test_plain_crispy_ways_use_the_pack_too() -> None:
    class PlainForm(forms.Form):
        name = forms.CharField(label="Name")

    form = PlainForm({})
    source = "{% load crispy_forms_tags %}{{ form.name|as_crispy_field }}{{ form|as_crispy_errors }}"

    page = page_tree(source, form=form)

    assert broken_references(page) == []
    assert one(page.xpath("//input")).get("class") == "govuk-input govuk-input--error"
    assert page.xpath("//*[contains(@class, 'error-summary')]//a/@href") == ["#id_name"]
    fields_only = page_tree("{% load crispy_forms_tags %}{{ form|crispy }}", form=form)
    assert one(fields_only.xpath("//input")).get("name") == "name"
    assert "govuk-input" in render_crispy_form(form)


@pytest.mark.parametrize("widget", [forms.SplitDateTimeWidget, forms.SelectMultiple, forms.SelectDateWidget])
def test_widget_without_a_component_is_refused(widget: type[forms.Widget]) -> None:
    class OddForm(GovukForm):
        odd = forms.Field(widget=widget)

    with pytest.raises(ImproperlyConfigured, match=widget.__name__):
        render_crispy_form(OddForm())


def test_title_prefix_only_with_errors() -> None:
    template = Template("{% load govuk %}[{% error_prefix form other %}]")

    assert template.render(Context({"form": AnswerForm()})) == "[]"
    assert template.render(Context({"form": AnswerForm({})})) == "[Error: ]"
    assert template.render(Context({})) == "[]"


def test_block_tags_keep_their_content_and_escape_their_text() -> None:
    source = """{% load govuk %}
      {% govuk_details evil %}<p>Inside</p>{% endgovuk_details %}
      {% govuk_inset_text %}<p>{{ evil }}</p>{% endgovuk_inset_text %}
      {% govuk_panel evil %}{{ evil }}{% endgovuk_panel %}
      {% govuk_notification_banner title=evil %}<p>{{ evil }}</p>{% endgovuk_notification_banner %}
      {% govuk_phase_banner evil %}{{ evil }}{% endgovuk_phase_banner %}
      {% govuk_button evil href=evil %}{% govuk_tag evil evil %}{% govuk_warning_text evil %}
      {% govuk_back_link evil evil %}{% govuk_skip_link "#x" evil %}"""

    page = page_tree(source, evil=EVIL)

    assert page.xpath("//script | //img | //@onerror") == []
    assert page.xpath("//details//p/text()") == ["Inside"]


def test_lists_escape_their_text() -> None:
    row: dict[str, Any] = {"key": EVIL, "value": EVIL, "actions": [{"href": EVIL, "text": EVIL, "hidden": EVIL}]}
    cell = {"text": EVIL, "css_class": EVIL}
    lists: dict[str, dict[str, Any]] = {
        "table": {"caption": EVIL, "head": [cell], "rows": [[cell]]},
        "task_list": {"items": [{"title": EVIL, "href": EVIL, "hint": EVIL, "status": EVIL}]},
        "breadcrumbs": {"items": [{"text": EVIL, "href": EVIL}, {"text": EVIL}]},
        "pagination": {"next": {"href": EVIL, "text": EVIL, "label": EVIL}},
        "message": {"message": EVIL, "number": 1},
    }
    pages = [
        page_tree("{% load govuk %}{% govuk_summary_list rows card=card %}", rows=[row], card={"title": EVIL, **row}),
        *(page_tree(render_to_string(f"govuk/components/{name}.html", context)) for name, context in lists.items()),
    ]

    assert [page.xpath("//script | //img | //@onerror") for page in pages] == [[]] * len(pages)
