"""An early gap calls for a step, not for work that has to wait for a later decision."""

from __future__ import annotations

from assessments.catalogue.schema import FactTest, Stage
from assessments.planning.actions import plan_actions
from assessments.planning.planned import Kind, PlannedAction
from assessments.planning.recalled import recalled
from assessments.scoring.answers import Answer, Answers, AnswerState
from assessments.scoring.score import score
from tests.planning.test_actions import at, make_action
from tests.scoring.strategies import AS_OF, FACTS, make_barrier, make_catalogue, make_question

AT_THE_CASE, AT_PLAN = (
    {Stage.EXPLORE: 1, Stage.MAKE_THE_CASE: 2, Stage.PLAN: 2, Stage.GO_LIVE: 3},
    {
        Stage.PLAN: 2,
        Stage.GO_LIVE: 3,
    },
)
CATALOGUE = make_catalogue(
    [
        make_barrier(
            "a",
            [
                # Its board can only be formed after a decision that is asked for at plan.
                make_question("a.board", required=AT_THE_CASE, actions=["a.form-board"]),
                make_question("a.skills", required=AT_THE_CASE, actions=["a.list-gaps", "a.train-board"]),
                make_question(
                    "a.decision", required=AT_PLAN, actions=["a.decide"], when=FactTest(fact="flag", is_=True)
                ),
                make_question("a.rest", required=AT_THE_CASE, actions=["a.list-gaps"]),
            ],
            [],
            [],
        ).model_copy(
            update={
                "actions": (
                    make_action("a.decide"),
                    make_action("a.form-board", "a.decide"),
                    make_action("a.list-gaps"),
                    make_action("a.train-board", "a.form-board"),
                )
            }
        )
    ],
    FACTS,
)
NOTHING_DONE = {question.id: at(0) for question in CATALOGUE.barriers[0].levels}


def plan(stage: Stage, questions: dict[str, Answer] | None = None, *, flag: bool = True) -> dict[str, PlannedAction]:
    answers = Answers(stage, AS_OF, {"flag": flag}, NOTHING_DONE | (questions or {}))
    return {action.id: action for action in plan_actions(CATALOGUE, score(CATALOGUE, answers), answers)}


def test_step_stands_for_work_that_a_later_decision_comes_before() -> None:
    actions = plan(Stage.EXPLORE)

    assert sorted(actions) == ["a.list-gaps", "step:a.board"]
    step = actions["step:a.board"]
    assert (step.kind, step.title, step.how) == (Kind.STEP, "Reach level 1: Question a.board", "Named")
    assert (step.owner, step.closes, step.after) == ("Finance lead", ("a.board",), ())


def test_step_goes_to_the_level_that_the_stage_needs() -> None:
    assert plan(Stage.MAKE_THE_CASE)["step:a.board"].how == "Drafted"


def test_question_with_other_work_needs_no_step() -> None:
    assert plan(Stage.EXPLORE)["a.list-gaps"].closes == ("a.skills", "a.rest")


def test_the_work_itself_comes_with_the_decision_before_it() -> None:
    actions = plan(Stage.PLAN)

    assert sorted(actions) == ["a.decide", "a.form-board", "a.list-gaps", "a.train-board"]
    assert actions["a.form-board"].after == ("a.decide",)


def test_decision_that_is_never_asked_of_this_service_holds_nothing_back() -> None:
    assert sorted(plan(Stage.EXPLORE, flag=False)) == ["a.form-board", "a.list-gaps", "a.train-board"]


def test_answer_to_a_later_question_makes_no_difference() -> None:
    """What is not asked has no effect, here as in the score."""
    unknown = Answer(AnswerState.DONT_KNOW)
    assert plan(Stage.EXPLORE, {"a.decision": at(3)}) == plan(Stage.EXPLORE, {"a.decision": unknown})


def test_step_is_recalled_when_its_gap_has_closed() -> None:
    action = recalled(CATALOGUE, "step:a.board")

    assert (action.kind, action.title, action.closes) == (
        Kind.STEP,
        "Reach the level needed: Question a.board",
        ("a.board",),
    )
