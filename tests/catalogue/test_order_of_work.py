"""The order and the length of the work in the catalogue that is shipped: what the domain file asks to come first."""

import pytest

from assessments.catalogue.loader import edition

CATALOGUE = edition("2026.1")


def ancestors(action_id: str) -> set[str]:
    found: set[str] = set()
    to_look_at = list(CATALOGUE.action(action_id).after)
    while to_look_at:
        before = to_look_at.pop()
        if before not in found:
            found.add(before)
            to_look_at += CATALOGUE.action(before).after
    return found


@pytest.mark.parametrize(
    ("action", "before"),
    [
        ("pensions.access-instrument", "pensions.actuary-report"),
        ("pensions.access-instrument", "pensions.agree-risk-terms"),
        ("pensions.access-instrument", "board-approval.decision-in-principle"),
        ("pensions.access-instrument", "governance-and-legal-form.register-body"),
        ("pensions.nhs-access-grant", "pensions.nhs-eligibility"),
        ("pensions.nhs-access-grant", "board-approval.decision-in-principle"),
        ("pensions.nhs-access-grant", "governance-and-legal-form.register-body"),
        ("staff-and-unions.inform-and-consult", "board-approval.decision-in-principle"),
        ("staff-and-unions.inform-and-consult", "staff-and-unions.measures-letter"),
        ("tendering.run-competition", "pensions.actuary-report"),
        ("tendering.run-competition", "pensions.protection-clause"),
        ("board-approval.decision-to-proceed", "board-approval.ask-section-24-consent"),
        ("board-approval.decision-to-proceed", "board-approval.work-with-successor"),
        ("board-approval.decision-to-proceed", "board-approval.report-to-region"),
        ("governance-and-legal-form.register-body", "governance-and-legal-form.community-interest-statement"),
        ("governance-and-legal-form.register-body", "governance-and-legal-form.write-society-rules"),
        ("governance-and-legal-form.register-charity", "governance-and-legal-form.register-body"),
    ],
)
def test_comes_first(action: str, before: str) -> None:
    assert before in ancestors(action)


@pytest.mark.parametrize(
    ("action", "other"),
    [
        ("pensions.access-instrument", "tendering.contract-negotiation"),
        ("pensions.nhs-access-grant", "tendering.contract-negotiation"),
        ("staff-and-unions.inform-and-consult", "board-approval.decision-to-proceed"),
    ],
)
def test_need_not_wait(action: str, other: str) -> None:
    assert other not in ancestors(action)


@pytest.mark.parametrize(
    ("one_after_another", "weeks"),
    [
        (("staff-and-unions.scope-list", "staff-and-unions.transfer-legal-note"), (3, 6)),
        (("staff-and-unions.measures-letter", "staff-and-unions.inform-and-consult"), (6, 12)),
        (("board-approval.check-whether-reportable", "board-approval.report-to-region"), (8, 16)),
        (("board-approval.work-with-successor",), (6, 12)),
        (("pensions.open-case", "pensions.actuary-report", "pensions.access-instrument"), (12, 26)),
        (("pensions.nhs-access-grant",), (12, 20)),
    ],
)
def test_takes_the_weeks_of_the_domain_file(one_after_another: tuple[str, ...], weeks: tuple[int, int]) -> None:
    taken = [CATALOGUE.action(action).weeks for action in one_after_another]
    assert (sum(fewest for fewest, _ in taken), sum(most for _, most in taken)) == weeks
