"""Answers to report on, over the catalogue that is shipped."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import cycle

from assessments.agreement.standing import OpenSubmission, SignOff, Standing
from assessments.catalogue.loader import edition as shipped
from assessments.catalogue.loader import editions
from assessments.catalogue.schema import (
    Catalogue,
    EvidenceGrade,
    FactQuestion,
    Gate,
    Item,
    LevelQuestion,
    Stage,
)
from assessments.models.answer import fact_from_json
from assessments.planning.assessed import assessed
from assessments.planning.progress import Agreed, AgreedPlan, Progress
from assessments.reports.inputs import Given
from assessments.scoring.answers import (
    AgreedGate,
    AgreedLevel,
    Answer,
    Answers,
    AnswerState,
    GateAnswer,
    GateState,
    Service,
)
from assessments.selectors.frozen import Origin
from tests.cashflow.examples import example
from tests.factories import typical

AS_OF = dt.date(2026, 11, 21)
DATED = dt.date(2026, 9, 30)
OLD = dt.date(2024, 9, 30)

HOSTILE = (
    "<img src=file:///etc/passwd>",
    "<script>alert(1)</script>",
    "<style>@import url(http://127.0.0.1/x.css); body { background: url(file:///etc/passwd) }</style>",
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/hostname"/></svg>',
    '<link rel=stylesheet href="data:text/css,h1{display:none}"> url(data:image/png;base64,AAAA)',
    "{{ report.service }} {% include '/etc/passwd' %} {% load static %}",
    '<a href="javascript:alert(1)">press</a> javascript:alert(1)',
    '"><h1 class="x">Approved</h1></td></tr></table>',
    "&lt;b&gt; &amp; &#x41; &nbsp;",
    "nul\x00bell\x07escape\x1b[0m\x85\u2028\u202ereversed\u2066\ufeff",
    "مرحبا بالعالم שלום עולם",
    "\N{GRINNING FACE} \N{WOMAN}\u200d\N{GIRL} 中文 हिन्दी \ufffe",
    "W" * 200,
)


def catalogue() -> Catalogue:
    return shipped(editions()[-1])


def service() -> Service:
    return Service("Riverside Family Hubs", "Exampleshire County Council")


def empty(stage: Stage = Stage.PLAN) -> Given:
    return Given(catalogue(), Answers(stage, AS_OF), service())


def mixed(stage: Stage) -> Given:
    """Some of everything: met, not met, proved, old, not known, not applicable, not answered."""
    return _answered(stage, cycle(_MANY).__next__)


def complete(stage: Stage) -> Given:
    """Everything answered as well as can be."""
    return _answered(stage, lambda: 0)


def long_names() -> Given:
    return replace(empty(), service=Service("W" * 200, "i" * 200))


def with_money(given: Given, name: str = "a") -> Given:
    """With the figures of a worked example of the calculator."""
    return replace(given, cashflow=example(name)["cashflow"])


def with_plan(given: Given, owner: str = "Jo Okafor, head of finance", reason: str = "The board wants none.") -> Given:
    """With everything agreed that can be, about one action after another."""
    kinds = cycle(
        (
            Agreed(Progress.DOING, owner, AS_OF - dt.timedelta(weeks=2), AS_OF + dt.timedelta(weeks=6)),
            Agreed(owner=owner, due_on=AS_OF + dt.timedelta(days=1)),
            Agreed(Progress.WILL_NOT_DO, reason=reason),
            Agreed(Progress.DONE),
            Agreed(starts_on=AS_OF + dt.timedelta(weeks=3)),
        )
    )
    found = assessed(given.catalogue, given.answers, cashflow=given.cashflow)
    agreed: AgreedPlan = {action.id: next(kinds) for action in found.actions}
    return replace(given, agreed=agreed)


SIGNED_OFF = SignOff(2, "Ada Osei", "Kestrel Advisers", dt.date(2026, 11, 20))
STANDINGS = {
    "never submitted": Standing(),
    "submitted": Standing(open=OpenSubmission(1, "Kestrel Advisers", dt.date(2026, 11, 19), is_in_review=False)),
    "in review": Standing(open=OpenSubmission(1, "Kestrel Advisers", dt.date(2026, 11, 20), is_in_review=True)),
    "changed since": Standing(signed_off=SIGNED_OFF),
    "changed and submitted again": Standing(
        signed_off=SIGNED_OFF,
        open=OpenSubmission(3, "Kestrel Advisers", dt.date(2026, 11, 21), is_in_review=False),
    ),
}
ORIGIN = Origin(("Alice Adams (lead)", "Bob Brown", "Carol Clarke"), Standing(is_reviewed=True, signed_off=SIGNED_OFF))
REASON = "The pension fund's letter of 3 September names a rate for the council as a whole, not for the new body. "
CLIENT_WORDS = "The fund told us on the telephone that the same rate will hold, and we have asked for it in writing. "


def with_review(given: Given, origin: Origin | None = ORIGIN, words: int = 1) -> Given:
    """Everything reviewed: the same, agreed on after talking, or not agreed; with so many times the same words."""
    kinds = cycle(range(5)).__next__
    agreed: dict[str, AgreedLevel | AgreedGate] = {}
    for item in given.catalogue.items.values():
        if isinstance(item, Gate):
            agreed[item.id] = _gate_reviewed(given.answers.gates.get(item.id), kinds(), words)
        elif isinstance(item, LevelQuestion):
            agreed[item.id] = _question_reviewed(given.answers.questions.get(item.id), kinds(), words)
    if origin is not None:
        origin = replace(origin, unseen=tuple(sorted(agreed)))
    return replace(given, answers=replace(given.answers, agreed=agreed), origin=origin)


def _question_reviewed(answer: Answer | None, kind: int, words: int) -> AgreedLevel:
    said = 1 if answer is None or answer.level is None else answer.level
    lower, why, but = max(said - 1, 0), REASON * words, CLIENT_WORDS * words
    return {
        0: AgreedLevel(said, said, why),
        1: AgreedLevel(lower, lower, why),
        2: AgreedLevel(lower, said, why),
        3: AgreedLevel(lower, None, why, but),
        4: AgreedLevel(AnswerState.DONT_KNOW, AnswerState.DONT_KNOW, why),
    }[kind]


def _gate_reviewed(answer: GateAnswer | None, kind: int, words: int) -> AgreedGate:
    said = GateState.NOT_KNOWN if answer is None else answer.state
    why, but = REASON * words, CLIENT_WORDS * words
    return {
        0: AgreedGate(said, said, why),
        1: AgreedGate(GateState.NOT_MET, GateState.NOT_MET, why),
        2: AgreedGate(GateState.NOT_KNOWN, said, why),
        3: AgreedGate(GateState.NOT_MET, None, why, but),
        4: AgreedGate(GateState.MET, GateState.MET, why),
    }[kind]


def with_hostile_review(given: Given) -> Given:
    """Many dissents in hostile words, settled by people with hostile names."""
    texts = cycle(HOSTILE).__next__
    reviewed = with_review(given)
    agreed = {
        item: replace(found, reason=texts(), client_words=texts()) for item, found in reviewed.answers.agreed.items()
    }
    signed_off = replace(SIGNED_OFF, by="".join(HOSTILE[:6])[:200], firm="W" * 200)
    origin = Origin(tuple(text[:200] for text in HOSTILE), Standing(is_reviewed=True, signed_off=signed_off))
    return replace(reviewed, answers=replace(reviewed.answers, agreed=agreed), origin=origin)


@cache
def hostile() -> Given:
    """Each hostile text in each free text that a person can give."""
    plain = mixed(Stage.PLAN)
    texts = cycle(HOSTILE).__next__
    questions = {item: _with_texts(answer, texts) for item, answer in plain.answers.questions.items()}
    gates = {item: replace(answer, note=texts(), who_knows=texts()) for item, answer in plain.answers.gates.items()}
    answers = replace(plain.answers, questions=questions, gates=gates)
    figures = example("b")["cashflow"]
    named = {
        part: [{**line, "name": printable(texts())} for line in figures[part]] for part in ("income", "cost", "one_off")
    }
    service = Service(" ".join(HOSTILE[:4])[:200], " ".join(HOSTILE[4:])[:200])
    given = Given(plain.catalogue, answers, service, cashflow={**figures, **named})
    actions = assessed(given.catalogue, given.answers).actions
    return replace(
        given,
        agreed={
            action.id: Agreed(Progress.WILL_NOT_DO if place % 3 else Progress.DOING, owner=texts(), reason=texts())
            for place, action in enumerate(actions)
        },
    )


def printable(text: str) -> str:
    """As the name of a line of the cash flow may be."""
    return "".join(letter for letter in text if letter.isprintable())


def _with_texts(answer: Answer, texts: Callable[[], str]) -> Answer:
    value = texts() if answer.value == "As the board minuted it." else answer.value
    return replace(answer, value=value, note=texts(), reason=texts(), who_knows=texts())


_MANY = (0, 1, 2, 0, 3, 4, 0, 5, 1, 6)


def _answered(stage: Stage, kind: Callable[[], int]) -> Given:
    asked = catalogue()
    answers = Answers(
        stage,
        AS_OF,
        profile={
            fact.id: fact_from_json(fact, typical(fact).value)
            for fact in asked.profile.facts
            if isinstance(fact, FactQuestion)
        }
        | {"sector": "council", "nation": "england", "pension-schemes": ("lgps",)},
        questions={
            item.id: answer
            for item in asked.items.values()
            if not isinstance(item, Gate)
            and asked.barrier_of(item.id) is not None
            and (answer := _question(item, stage, kind()))
        },
        gates={item.id: state for item in asked.items.values() if isinstance(item, Gate) and (state := _gate(kind()))},
    )
    return Given(asked, answers, service())


def _question(item: Item, stage: Stage, kind: int) -> Answer | None:
    if isinstance(item, FactQuestion):
        return Answer(AnswerState.ANSWERED, value=fact_from_json(item, typical(item).value))
    assert isinstance(item, LevelQuestion)
    needed = item.required.get(stage, 2)
    grade = tuple(EvidenceGrade)[max(needed - 1, 0)]
    return {
        0: Answer(AnswerState.ANSWERED, level=needed, evidence=grade, evidence_date=DATED),
        1: Answer(AnswerState.ANSWERED, level=max(needed - 1, 0), evidence=grade, evidence_date=DATED, note="A draft."),
        2: Answer(AnswerState.ANSWERED, level=needed, note="Everybody says so."),
        3: Answer(AnswerState.DONT_KNOW, who_knows="The finance lead", know_by=dt.date(2026, 12, 15)),
        4: Answer(AnswerState.NOT_APPLICABLE, reason="No member of staff is in that scheme."),
        5: None,
        6: Answer(AnswerState.ANSWERED, level=needed, evidence=grade, evidence_date=OLD),
    }[kind]


def _gate(kind: int) -> GateAnswer | None:
    return {
        0: GateAnswer(GateState.MET, evidence=EvidenceGrade.E3, evidence_date=DATED),
        1: GateAnswer(GateState.NOT_MET, note="The board meets in January."),
        2: GateAnswer(GateState.MET, note="Everybody says so."),
        3: GateAnswer(GateState.NOT_KNOWN, who_knows="Head of pensions", know_by=dt.date(2026, 12, 15)),
        4: GateAnswer(GateState.MET, evidence=EvidenceGrade.E3, evidence_date=DATED),
        5: None,
        6: GateAnswer(GateState.MET, evidence=EvidenceGrade.E3, evidence_date=OLD),
    }[kind]


SAMPLES: dict[str, Callable[[], Given]] = {
    "explore": lambda: with_plan(mixed(Stage.EXPLORE)),
    "make-the-case": lambda: complete(Stage.MAKE_THE_CASE),
    "plan-hostile": hostile,
    "plan-empty-long-names": long_names,
    "plan-reviewed": lambda: with_review(with_money(mixed(Stage.PLAN)), words=3),
    "explore-reviewed-hostile": lambda: with_hostile_review(mixed(Stage.EXPLORE)),
    "explore-in-review": lambda: replace(
        complete(Stage.EXPLORE), origin=Origin(("W" * 200,) * 12, STANDINGS["changed and submitted again"])
    ),
    "go-live": lambda: with_plan(with_money(mixed(Stage.GO_LIVE)), owner="W" * 200),
}
