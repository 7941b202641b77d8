"""What is tried: its name, actions taken as done, answers to change and figures of the cash flow."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assessments.cashflow.inputs import Billing
from assessments.cashflow.tried import Figures, figures_to_dict
from assessments.cashflow.typed import HUNDRED
from assessments.catalogue.schema import Gate, Item, LevelQuestion
from assessments.forms.base import GovukForm
from assessments.forms.fields import MoneyField, NumberField
from assessments.forms.govuk import Button, ButtonGroup, Checkboxes, Input, Link, Part, Parts, Radios, Static, rendered
from assessments.models import WhatIf
from assessments.scoring.answers import GateState
from assessments.selectors.what_if import TITLES, Choices, Offers, tried_in
from assessments.services.what_ifs import Content

NAME_LENGTH = 200
MOST_POUNDS = 50_000_000
MOST_DAYS = 120
MOST_PENSION = 40
AS_IT_IS = "as_it_is"

Answer = int | str | None


def name_field() -> forms.CharField:
    return forms.CharField(
        label="What do you want to call it?",
        max_length=NAME_LENGTH,
        error_messages={
            "required": "Enter a name, for example “If the pension rate is settled”",
            "max_length": f"The name must be {NAME_LENGTH} characters or fewer",
        },
    )


class NameForm(GovukForm):
    name = name_field()

    submit_label = "Save"

    def layout(self) -> list[Part | str]:
        return [Input("name", size="s")]


# Fields and parts -------------------------------------------------------------------------------------------


class TickedField(forms.MultipleChoiceField):
    """What is ticked of what is offered. What a stale page offered besides is left out, and `lost` counts it."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, offers: Offers) -> None:
        super().__init__(label=offers.title, choices=[(one.id, one.title) for one in offers.offers], required=False)
        self.offers = offers
        self.lost = 0

    def clean(self, value: Any) -> list[str]:
        sent = list(dict.fromkeys(self.to_python(value)))
        known = [one for one in sent if self.valid_value(one)]
        self.lost = len(sent) - len(known)
        return known


class PerCentField(NumberField):
    """5, +5%, -2.5%: by how much something rises."""

    widget = forms.TextInput

    def __init__(self, *, noun: str, least: int, most: int, **kwargs: Any) -> None:
        # Django fills in what a message asks for, so that a plain % is written twice.
        limits = f"{noun} must be between {least}%% and {most}%%"
        super().__init__(
            required=False,
            decimal_places=2,
            max_digits=5,
            validators=[MinValueValidator(least, limits), MaxValueValidator(most, limits)],
            error_messages={
                "invalid": f"{noun} must be a figure, like 5 or 2.5",
                "max_decimal_places": f"{noun} must have no more than 2 decimals, like 2.5",
                "max_whole_digits": limits,
                "max_digits": limits,
            },
            **kwargs,
        )

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # as in DecimalField
        if isinstance(value, str):
            value = value.replace("\u2212", "-").strip().removesuffix("%").strip()
        return super().to_python(value)


class Fold(Parts):
    """Parts folded away under a summary, open where something in them is ticked, given or wrong."""

    def __init__(self, summary: str, *parts: Part | str, names: Sequence[str]) -> None:
        super().__init__(*parts)
        self.summary = summary
        self.names = names

    def render(
        self, form: forms.BaseForm, context: Context, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        used = any(form[name].value() not in (None, "", [], AS_IT_IS) or form[name].errors for name in self.names)
        view = {"summary": self.summary, "open": used, "body": super().render(form, context)}
        return rendered("assessments/_folded.html", view)


def _heading(text: str, more: str) -> Static:
    return Static(
        format_html('<h2 class="govuk-heading-m app-tried__heading">{}</h2><p class="govuk-body">{}</p>', text, more)
    )


# The form ---------------------------------------------------------------------------------------------------


class WhatIfForm(GovukForm):
    """Actions first, then answers, then figures. Of an answer only is chosen here that it is to change; how, the next
    page asks."""

    name = name_field()

    submit_label = "Save and see what changes"

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        choices: Choices,
        figures: Mapping[str, str],
        kept: WhatIf | None = None,
        name: str = "",
        back: str = "",
    ) -> None:
        super().__init__(data, initial=None if data is not None else self._initial(choices, kept, name))
        self.choices = choices
        self.figures = figures
        self.kept = kept
        self.back = back
        for group in choices.actions:
            self.fields[f"done-{group.id or 'lost'}"] = TickedField(group)
        for group in choices.items:
            self.fields[f"items-{group.id or 'lost'}"] = TickedField(group)
        if figures:
            self.fields.update(_figure_fields(figures))

    @staticmethod
    def _initial(choices: Choices, kept: WhatIf | None, name: str) -> dict[str, Any]:
        if kept is None:
            return {"name": name}
        groups = {
            **{f"done-{group.id or 'lost'}": (group, kept.done) for group in choices.actions},
            **{f"items-{group.id or 'lost'}": (group, list(kept.answers)) for group in choices.items},
        }
        ticked = {
            field: [one.id for one in group.offers if one.id in chosen] for field, (group, chosen) in groups.items()
        }
        return {"name": kept.name, **ticked, **_figures_initial(tried_in(kept).cash)}

    def layout(self) -> Iterable[Part | str]:
        yield Input("name", size="s")
        yield _heading(
            "Actions to take as done",
            "A gap closes when every action that closes it is ticked.",
        )
        if not self.choices.actions:
            yield Static(format_html('<p class="govuk-body">{}</p>', "The answers call for no action."))
        yield from self._folds("done", self.choices.actions, ("action", "actions"))
        yield _heading(
            "Answers to change",
            "Choose the questions and gates that you want to answer otherwise. The next page asks how.",
        )
        yield from self._folds("items", self.choices.items, ("question or gate", "questions and gates"))
        if self.figures:
            yield _heading("Cash figures to change", "Leave a box empty to keep the figure as it is.")
            yield Fold("Cash figures", *_figure_parts(self.figures), names=tuple(TITLES))

    def _folds(self, prefix: str, groups: Iterable[Offers], nouns: tuple[str, str]) -> Iterator[Part]:
        for group in groups:
            name = f"{prefix}-{group.id or 'lost'}"
            chosen = self[name].value() or []
            count = len(group.offers)
            ticked = f", {len(chosen)} ticked" if chosen else ""
            boxes = Checkboxes(
                name,
                label=format_html('<span class="govuk-visually-hidden">{}: {}</span>', group.title, nouns[1]),
                hints={one.id: one.hint for one in group.offers},
                small=True,
                css_class="app-tried__boxes",
            )
            yield Fold(f"{group.title}: {count} {nouns[count != 1]}{ticked}", boxes, names=(name,))

    def buttons(self) -> Iterable[Part]:
        return [ButtonGroup(Button(self.submit_label), Link("Cancel", self.back))]

    @property
    def lost(self) -> int:
        """How much a stale page sent that is not offered any more."""
        return sum(field.lost for field in self.fields.values() if isinstance(field, TickedField))

    def content(self) -> Content:
        """Answers chosen before keep what they are set to; new ones are not set yet."""
        set_before: Mapping[str, Answer] = self.kept.answers if self.kept else {}
        return Content(
            name=self.cleaned_data["name"],
            done=list(self._ticked("done-")),
            answers={item: set_before.get(item) for item in self._ticked("items-")},
            cash=figures_to_dict(_figures(self.cleaned_data)) if self.figures else self._cash_kept(),
        )

    def _cash_kept(self) -> Mapping[str, Any]:
        return self.kept.cash if self.kept else {}

    def _ticked(self, prefix: str) -> Iterator[str]:
        for name in self.fields:
            if name.startswith(prefix):
                yield from self.cleaned_data[name]


# Cash figures -----------------------------------------------------------------------------------------------


def _pounds(noun: str) -> MoneyField:
    limit = f"{noun} must be between £0 and £{MOST_POUNDS:,}"
    return MoneyField(
        required=False,
        validators=[MinValueValidator(0, limit), MaxValueValidator(MOST_POUNDS, limit)],
        error_messages={"invalid": f"{noun} must be an amount in pounds, like 50,000"},
    )


def _figure_fields(now: Mapping[str, str]) -> dict[str, forms.Field]:
    days = f"Days until the main contract is paid must be a whole number from 0 to {MOST_DAYS}"
    fields: dict[str, forms.Field] = {
        "opening_cash": _pounds("Opening cash"),
        "loan": _pounds("Loan"),
        "mode": forms.ChoiceField(
            choices=[
                (AS_IT_IS, f"As it is now ({now['mode']})"),
                (Billing.ADVANCE.value, "In advance"),
                (Billing.ARREARS.value, "In arrears"),
            ],
            widget=forms.RadioSelect,
            required=False,
            error_messages={"invalid_choice": "Choose how the main contract is paid"},
        ),
        "payment_days": forms.IntegerField(
            required=False,
            widget=forms.TextInput,
            error_messages={"invalid": days},
            validators=[MinValueValidator(0, days), MaxValueValidator(MOST_DAYS, days)],
        ),
        "contract_by": PerCentField(noun="Income of the main contract", least=-50, most=100),
        "pay_by": PerCentField(noun="Pay", least=-50, most=100),
        "employer_pension": PerCentField(noun="Employer's pension contribution", least=0, most=MOST_PENSION),
        "costs_by": PerCentField(noun="Other running costs", least=-50, most=100),
    }
    return fields


def _figure_parts(now: Mapping[str, str]) -> list[Part | str]:
    rises = "By how much it rises; -5 is 5% less."
    return [
        Input("opening_cash", label=_in("opening_cash", "£"), hint=_now(now, "opening_cash"), prefix="£", width=10),
        Input("loan", label=_in("loan", "£"), hint=f"{_now(now, 'loan')} 0 is no loan.", prefix="£", width=10),
        Radios("mode", label="How is the main contract paid?", small=True),
        Input("payment_days", label=TITLES["payment_days"], hint=_now(now, "payment_days"), width=3, suffix="days"),
        Input("contract_by", label=_in("contract_by", "%"), hint=f"{_now(now, 'contract_by')} {rises}", **_PER_CENT),
        Input("pay_by", label=_in("pay_by", "%"), hint=f"{_now(now, 'pay_by')} {rises}", **_PER_CENT),
        Input(
            "employer_pension",
            label=_in("employer_pension", "% of pay"),
            hint=f"{_now(now, 'employer_pension')} Give the whole rate, for example 23.",
            **_PER_CENT,
        ),
        Input("costs_by", label=_in("costs_by", "%"), hint=f"{_now(now, 'costs_by')} {rises}", **_PER_CENT),
    ]


_PER_CENT: dict[str, Any] = {"suffix": "%", "width": 5}


def _in(name: str, unit: str) -> str:
    return f"{TITLES[name]} ({unit})"


def _now(now: Mapping[str, str], name: str) -> str:
    return f"Now: {now[name]}."


def _figures(cleaned: Mapping[str, Any]) -> Figures:
    return Figures(
        opening_cash=cleaned["opening_cash"],
        loan=cleaned["loan"],
        mode=Billing(cleaned["mode"]) if cleaned["mode"] in tuple(Billing) else None,
        payment_days=cleaned["payment_days"],
        contract_by=_share(cleaned["contract_by"]),
        pay_by=_share(cleaned["pay_by"]),
        employer_pension=_share(cleaned["employer_pension"]),
        costs_by=_share(cleaned["costs_by"]),
    )


def _share(per_cent: Decimal | None) -> Decimal | None:
    return None if per_cent is None else per_cent / HUNDRED


def _figures_initial(cash: Figures) -> dict[str, Any]:
    given = {name: getattr(cash, name) for name in cash.given()}
    shares = ("contract_by", "pay_by", "employer_pension", "costs_by")
    shown = {name: f"{(value * HUNDRED).normalize():f}" if name in shares else value for name, value in given.items()}
    return {**shown, "mode": cash.mode.value if cash.mode else AS_IT_IS}


# How the chosen answers are to be -----------------------------------------------------------------------------


class AnswersForm(GovukForm):
    """For each question or gate chosen: as it is, or one of its states. Nothing here is anybody's answer."""

    submit_label = "See what changes"

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        items: Sequence[Item],
        kept: WhatIf,
        standings: Mapping[str, str],
    ) -> None:
        set_to = {_name(item): _as_text(kept.answers.get(item.id)) for item in items}
        super().__init__(data, initial=None if data is not None else set_to)
        self.items = items
        self.standings = standings
        for item in items:
            self.fields[_name(item)] = forms.ChoiceField(
                label=item.text,
                choices=[*_states(item), (AS_IT_IS, "Leave it as it is now")],
                widget=forms.RadioSelect,
                error_messages={
                    "required": f"Choose an answer, or leave it as it is: {item.title}",
                    "invalid_choice": f"Choose one of the answers: {item.title}",
                },
            )

    def layout(self) -> Iterable[Part | str]:
        return [
            Radios(
                _name(item),
                size="s",
                small=True,
                hint=f"{item.title}. {self.standings[item.id]}",
                dividers={AS_IT_IS: "or"},
                group_class="app-tried__answer",
            )
            for item in self.items
        ]

    def answers(self) -> dict[str, Answer]:
        """What is left as it is is not tried any more."""
        chosen = {item.id: self.cleaned_data[_name(item)] for item in self.items}
        return {item: int(value) if value.isdigit() else value for item, value in chosen.items() if value != AS_IT_IS}


def _name(item: Item) -> str:
    return f"set-{item.id}"


def _as_text(value: Answer) -> str | None:
    return None if value is None else str(value)


def _states(item: Item) -> Iterator[tuple[str, str]]:
    if isinstance(item, LevelQuestion):
        for level, text in enumerate(item.levels):
            yield str(level), f"Level {level}: {text}"
    elif isinstance(item, Gate):
        yield GateState.MET.value, f"Met: {item.met_means}"
        yield GateState.NOT_MET.value, f"Not met: {item.not_met_means}"
        yield GateState.NOT_KNOWN.value, "Not known"
