"""Loading: whole and sound or not at all, all faults at once, and released editions never change."""

import shutil
from pathlib import Path

import pytest

from assessments.catalogue.loader import digest, edition, editions, load, problems, release_problems
from assessments.catalogue.problems import CatalogueError

CATALOGUES = Path(__file__).parent / "catalogues"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the small catalogue that a test may change."""
    return Path(shutil.copytree(CATALOGUES / "valid" / "small", tmp_path / "2099.1"))


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def release(folder: Path, recorded: str) -> None:
    (folder.parent / "released.toml").write_text(f'[released]\n"{folder.name}" = "{recorded}"\n', encoding="utf-8")


def test_load(folder: Path) -> None:
    catalogue = load(folder)
    assert catalogue.edition.edition == "2099.1"
    assert catalogue.digest == digest(folder)


def test_load_refuses_a_catalogue_with_problems_and_carries_them_all(folder: Path) -> None:
    change(folder / "sources.toml", 'year = "2024"\n', "")
    change(folder / "glossary.toml", "[[terms]]", "[[terms]")
    change(folder / "barriers" / "pensions.toml", 'title = "Debt"\n', "")
    change(folder / "barriers" / "pensions.toml", "weeks = [4, 12]", "weeks = [12, 4]")
    with pytest.raises(CatalogueError) as refusal:
        load(folder)
    assert {(problem.file, problem.key) for problem in refusal.value.problems} == {
        ("sources.toml", "sources[s1].year"),
        ("glossary.toml", "(file)"),
        ("barriers/pensions.toml", "questions[pensions.debt].title"),
        ("barriers/pensions.toml", "actions[pensions.ask-the-fund].weeks"),
    }


def test_load_reports_several_faults_of_one_part(folder: Path) -> None:
    change(folder / "barriers" / "pensions.toml", 'title = "Debt"\n', 'colour = "red"\n')
    assert [problem.key for problem in problems(folder)] == [
        "questions[pensions.debt].title",
        "questions[pensions.debt].colour",
    ]


def test_load_unreadable_profile_is_reported_once(folder: Path) -> None:
    (folder / "profile.toml").write_text("pages = ", encoding="utf-8")
    assert [(problem.file, problem.key) for problem in problems(folder)] == [("profile.toml", "(file)")]


def test_load_file_that_is_not_text(folder: Path) -> None:
    (folder / "glossary.toml").write_bytes(b"\xff\xfe")
    assert [problem.allowed for problem in problems(folder)] == ["UTF-8"]


def test_load_empty_folder(tmp_path: Path) -> None:
    assert {problem.file for problem in problems(tmp_path)} == {
        "catalogue.toml",
        "profile.toml",
        "sources.toml",
        "glossary.toml",
    }


def test_year_may_be_written_without_quotes(folder: Path) -> None:
    change(folder / "sources.toml", 'year = "2024"', "year = 2024")
    assert load(folder).source("s1").year == "2024"


# Editions


def test_edition_is_read_once() -> None:
    assert edition("2026.1") is edition("2026.1")


def test_edition_unknown() -> None:
    with pytest.raises(LookupError, match=r"no edition '1999\.1'"):
        edition("1999.1")


def test_editions_in_order(tmp_path: Path, folder: Path) -> None:
    shutil.copytree(folder, tmp_path / "2099.10")
    shutil.copytree(folder, tmp_path / "2099.2")
    assert editions(tmp_path) == ("2099.1", "2099.2", "2099.10")


# Released editions


def test_digest_changes_with_a_byte(folder: Path) -> None:
    before = digest(folder)
    change(folder / "glossary.toml", "council staff", "council  staff")
    assert digest(folder) != before


def test_digest_changes_with_a_name(folder: Path) -> None:
    before = digest(folder)
    (folder / "glossary.toml").rename(folder / "terms.toml")
    assert digest(folder) != before


def test_digest_ignores_other_files(folder: Path) -> None:
    before = digest(folder)
    (folder / "notes.txt").write_text("not part of it", encoding="utf-8")
    assert digest(folder) == before


def test_released_edition_unchanged(folder: Path) -> None:
    release(folder, digest(folder))
    assert load(folder).digest == digest(folder)


def test_released_edition_changed(folder: Path) -> None:
    release(folder, digest(folder))
    change(folder / "glossary.toml", "council staff", "staff of councils")
    [problem] = problems(folder)
    assert (problem.file, problem.key) == ("catalogue.toml", "(digest)")
    assert "new edition" in problem.mend


def test_edition_that_is_not_released_may_change(folder: Path) -> None:
    (folder.parent / "released.toml").write_text("[released]\n", encoding="utf-8")
    change(folder / "glossary.toml", "council staff", "staff of councils")
    assert problems(folder) == ()


def test_released_edition_gone(folder: Path) -> None:
    release(folder, digest(folder))
    shutil.rmtree(folder)
    assert [problem.key for problem in release_problems(folder.parent)] == ['released."2099.1"']


def test_shipped_released_editions_stand_as_they_were_released() -> None:
    assert release_problems() == ()
