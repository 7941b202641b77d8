"""A folder of broken catalogues, one fault each, named after the fault: each is found, exactly, and once.

Every folder is a whole catalogue. Its changed file says in its first line what is wrong; the rest are links
to the small valid catalogue, or to the one with rules.
"""

from pathlib import Path

import pytest

from assessments.catalogue.loader import problems

CATALOGUES = Path(__file__).parent / "catalogues"

FAULTS = {
    "toml-syntax": ("glossary.toml", "(file)"),
    "toml-duplicate-key": ("profile.toml", "(file)"),
    "unknown-key": ("barriers/pensions.toml", "questions[pensions.debt].colour"),
    "unknown-kind": ("profile.toml", "facts[contract-value].kind"),
    "unknown-mark": ("barriers/pensions.toml", "gates[pensions.access].claims[#1].mark"),
    "unknown-stage": ("barriers/pensions.toml", "questions[pensions.bond].required.launch"),
    "title-missing": ("barriers/pensions.toml", "gates[pensions.access].title"),
    "number-is-text": ("barriers/pensions.toml", "questions[pensions.rate].weight"),
    "id-malformed": ("glossary.toml", "terms[The LGPS].id"),
    "source-without-year": ("sources.toml", "sources[s1].year"),
    "source-without-last-checked": ("sources.toml", "sources[s1].last_checked"),
    "barrier-listed-twice": ("catalogue.toml", "barriers"),
    "barrier-file-missing": ("barriers/tendering.toml", "(file)"),
    "barrier-file-not-listed": ("barriers/tendering.toml", "(file)"),
    "barrier-misnamed": ("barriers/pensions.toml", "id"),
    "duplicate-question": ("barriers/pensions.toml", "questions[pensions.joined]"),
    "duplicate-action": ("barriers/pensions.toml", "actions[pensions.list]"),
    "duplicate-source": ("sources.toml", "sources[s1]"),
    "duplicate-page": ("barriers/pensions.toml", "pages[access]"),
    "duplicate-option": ("profile.toml", "facts[sector].options[nhs]"),
    "duplicate-term": ("glossary.toml", "terms[lgps].term"),
    "id-of-another-barrier": ("barriers/pensions.toml", "questions[tendering.bond].id"),
    "unknown-action": ("barriers/pensions.toml", "questions[pensions.list].actions"),
    "unknown-after": ("barriers/pensions.toml", "actions[pensions.ask-the-fund].after"),
    "unknown-source": ("barriers/pensions.toml", "gates[pensions.access].claims[#1].sources"),
    "unknown-law": ("barriers/pensions.toml", "questions[pensions.rate].law"),
    "unknown-question-on-page": ("barriers/pensions.toml", "pages[cost].asks"),
    "unknown-fact": ("barriers/pensions.toml", "questions[pensions.rate].when.all[#1].fact"),
    "question-on-no-page": ("barriers/pensions.toml", "questions[pensions.bond].id"),
    "question-on-two-pages": ("barriers/pensions.toml", "questions[pensions.bond].id"),
    "question-at-no-stage": ("barriers/pensions.toml", "questions[pensions.bond].required"),
    "condition-never-holds": ("barriers/pensions.toml", "questions[pensions.bond].when"),
    "condition-never-holds-through-its-fact": ("barriers/pensions.toml", "questions[pensions.bond].when"),
    "condition-before-its-fact-is-asked": ("barriers/pensions.toml", "questions[pensions.bond].when"),
    "condition-on-a-level": ("barriers/pensions.toml", "questions[pensions.bond].when.fact"),
    "condition-on-a-gate": ("barriers/pensions.toml", "questions[pensions.bond].when.fact"),
    "condition-on-a-later-fact": ("profile.toml", "facts[sector].when.fact"),
    "condition-circle": ("profile.toml", "facts[sector].when.fact"),
    "condition-operator-unfit": ("barriers/pensions.toml", "questions[pensions.rate].when.all[#1].at_least"),
    "condition-operator-missing": ("barriers/pensions.toml", "questions[pensions.rate].when.all[#1]"),
    "condition-two-operators": ("barriers/pensions.toml", "questions[pensions.rate].when.all[#2].not"),
    "condition-unknown-option": ("barriers/pensions.toml", "questions[pensions.rate].when.all[#1].is"),
    "condition-unknown-operator": ("barriers/pensions.toml", "questions[pensions.bond].when.more_than"),
    "level-missing": ("barriers/pensions.toml", "questions[pensions.bond].levels"),
    "level-blank": ("barriers/pensions.toml", "questions[pensions.bond].levels[#4]"),
    "levels-alike": ("barriers/pensions.toml", "questions[pensions.bond].levels[#4]"),
    "reason-missing": ("barriers/pensions.toml", "questions[pensions.bond].why"),
    "gate-without-reason": ("barriers/pensions.toml", "gates[pensions.access].why"),
    "proof-missing": ("barriers/pensions.toml", "questions[pensions.bond].proof"),
    "who-knows-missing": ("barriers/pensions.toml", "questions[pensions.list].who_knows"),
    "gate-without-evidence": ("barriers/pensions.toml", "gates[pensions.access].clearing"),
    "gate-without-clearing": ("barriers/pensions.toml", "gates[pensions.access].clearing"),
    "gate-at-no-stage": ("barriers/pensions.toml", "gates[pensions.access].binds"),
    "gate-weakens": ("barriers/pensions.toml", "gates[pensions.access].binds.go-live"),
    "gate-stage-left-out": ("barriers/pensions.toml", "gates[pensions.access].binds"),
    "required-out-of-range": ("barriers/pensions.toml", "questions[pensions.rate].required.go-live"),
    "required-falls": ("barriers/pensions.toml", "questions[pensions.rate].required.go-live"),
    "required-stage-left-out": ("barriers/pensions.toml", "questions[pensions.debt].required"),
    "weight-over-a-quarter": ("barriers/pensions.toml", "questions[pensions.rate].weight"),
    "too-few-level-questions": ("barriers/pensions.toml", "questions"),
    "question-without-action": ("barriers/pensions.toml", "gates[pensions.access].actions"),
    "action-nobody-triggers": ("barriers/pensions.toml", "actions[pensions.wait].id"),
    "action-circle": ("barriers/pensions.toml", "actions[pensions.make-the-list].after"),
    "weeks-reversed": ("barriers/pensions.toml", "actions[pensions.ask-the-fund].weeks"),
    "claim-without-source": ("barriers/pensions.toml", "gates[pensions.access].claims[#1].sources"),
    "guidance-worded-as-law": ("barriers/pensions.toml", "questions[pensions.bond].claims[#1].text"),
    "reading-age": ("barriers/pensions.toml", "questions[pensions.bond].text"),
    "choice-without-options": ("profile.toml", "facts[sector].options"),
    "options-for-a-number": ("profile.toml", "facts[staff].options"),
    "limits-reversed": ("profile.toml", "facts[sites].minimum"),
    "condition-on-another-barrier": ("barriers/tendering.toml", "questions[tendering.bond].when.fact"),
    "file-missing": ("glossary.toml", "(file)"),
    "limits-for-a-date": ("profile.toml", "facts[vesting-date].maximum"),
    "contradiction-malformed": ("rules.toml", "contradictions[more-members-than-staff].owner"),
    "contradiction-twice": ("rules.toml", "contradictions[more-members-than-staff]"),
    "contradiction-of-an-unknown-barrier": ("rules.toml", "contradictions[more-members-than-staff].barriers"),
    "contradiction-unknown-question": ("rules.toml", "contradictions[signed-without-a-rate].when.all[#2].question"),
    "contradiction-unknown-gate": ("rules.toml", "contradictions[signed-without-a-rate].when.all[#1].gate"),
    "contradiction-unknown-fact": ("rules.toml", "contradictions[more-members-than-staff].when.fact"),
    "contradiction-on-a-fact-question": ("rules.toml", "contradictions[signed-without-a-rate].when.all[#2].question"),
    "contradiction-on-a-level-as-a-gate": ("rules.toml", "contradictions[signed-without-a-rate].when.all[#1].gate"),
    "contradiction-unknown-gate-state": ("rules.toml", "contradictions[signed-without-a-rate].when.all[#1].is"),
    "contradiction-level-out-of-range": ("rules.toml", "contradictions[signed-without-a-rate].when.all[#2].below"),
    "contradiction-two-level-operators": ("rules.toml", "contradictions[signed-without-a-rate].when.all[#2]"),
    "contradiction-compares-other-kinds": ("rules.toml", "contradictions[more-members-than-staff].when.below_fact"),
    "contradiction-compares-a-fact-with-itself": (
        "rules.toml",
        "contradictions[more-members-than-staff].when.below_fact",
    ),
    "contradiction-never-holds": ("rules.toml", "contradictions[signed-without-a-rate].when"),
    "contradiction-worded-as-law": ("rules.toml", "contradictions[more-members-than-staff].text"),
    "contradiction-hard-to-read": ("rules.toml", "contradictions[more-members-than-staff].text"),
    "contradiction-unknown-source": ("rules.toml", "contradictions[signed-without-a-rate].claims[#1].sources"),
    "cap-of-nothing": ("rules.toml", "caps[bond-not-funded]"),
    "cap-of-a-question-and-a-gate": ("rules.toml", "caps[bond-not-funded]"),
    "cap-of-an-unknown-question": ("rules.toml", "caps[bond-not-funded].question"),
    "cap-of-a-gate-as-a-question": ("rules.toml", "caps[bond-not-funded].question"),
    "cap-without-a-level": ("rules.toml", "caps[bond-not-funded].highest"),
    "cap-at-the-highest-level": ("rules.toml", "caps[bond-not-funded].highest"),
    "cap-of-a-gate-at-a-level": ("rules.toml", "caps[access-not-funded].highest"),
    "cap-twice": ("rules.toml", "caps[bond-not-funded]"),
    "cap-unknown-figure": ("rules.toml", "caps[access-not-funded].figure"),
    "cap-month-of-a-year": ("rules.toml", "caps[access-not-funded].reason"),
    "cap-reason-not-closed": ("rules.toml", "caps[access-not-funded].reason"),
    "axis-no-choice": ("rules.toml", "compatibility.columns[staff].fact"),
    "undecided-unknown-option": ("rules.toml", "undecided"),
    "exclusion-on-a-level": ("rules.toml", "exclusions[a-council-keeps-control].when.all[#1].question"),
    "exclusion-unknown-option": ("rules.toml", "exclusions[a-council-keeps-control].when.all[#2].is"),
    "exclusion-of-what-is-not-decided": ("rules.toml", "exclusions[a-council-keeps-control].when"),
    "exclusion-of-everything": ("rules.toml", "exclusions[a-council-keeps-control].when"),
    "exclusion-without-a-claim": ("rules.toml", "exclusions[a-council-keeps-control].claims"),
    "exclusion-worded-as-law": ("rules.toml", "exclusions[a-council-keeps-control].reason"),
    "exclusion-twice": ("rules.toml", "exclusions[a-council-keeps-control]"),
}
"""Folder -> file and key of the one problem."""


@pytest.mark.parametrize(("folder", "place"), FAULTS.items(), ids=FAULTS)
def test_fault_is_reported_exactly_once(folder: str, place: tuple[str, str]) -> None:
    found = problems(CATALOGUES / "invalid" / folder)
    assert [(problem.file, problem.key) for problem in found] == [place]


@pytest.mark.parametrize("folder", FAULTS)
def test_fault_says_what_was_found_what_is_allowed_and_how_to_mend_it(folder: str) -> None:
    [problem] = problems(CATALOGUES / "invalid" / folder)
    assert all((problem.found, problem.allowed, problem.mend.endswith((".", "?"))))


def test_every_folder_is_tested() -> None:
    assert {folder.name for folder in (CATALOGUES / "invalid").iterdir()} == set(FAULTS)


@pytest.mark.parametrize("folder", sorted((CATALOGUES / "valid").iterdir()), ids=lambda folder: folder.name)
def test_valid_catalogue(folder: Path) -> None:
    assert problems(folder) == ()
