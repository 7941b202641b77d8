"""What holds for every file and every name."""

import io
import unicodedata
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.uploads import KINDS, Code, Refused, check
from assessments.uploads.names import harmless
from tests.uploads import good

STARTS = (b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
BUILDERS = {
    "pdf": good.pdf,
    "docx": good.word,
    "xlsx": good.excel,
    "odt": good.open_document("text"),
    "png": good.png,
    "jpg": good.jpeg,
}

NAMES = st.text(max_size=400) | st.text(st.sampled_from('./\\:\0\r\n\u202e"CONcon. pdfexe\ud800\u0301'), max_size=60)


@cache
def sample(kind: str) -> bytes:
    return BUILDERS[kind]()


def outcome(content: bytes, name: str = "evidence") -> str:
    """A kind or a code; anything else that is raised fails the test."""
    try:
        return check(io.BytesIO(content), name).kind
    except Refused as refused:
        return refused.code


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(STARTS), st.binary(max_size=3000), NAMES)
def test_any_bytes_under_any_name_are_refused(start: bytes, rest: bytes, name: str) -> None:
    assert outcome(start + rest, name) in set(Code)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(BUILDERS)), st.floats(0, 1, exclude_max=True))
def test_a_file_cut_anywhere_is_refused(kind: str, where: float) -> None:
    content = sample(kind)
    # The last bytes of a PDF are line ends, which it can do without.
    assert outcome(content[: int(where * (len(content) - 3))]) in set(Code)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(BUILDERS)), st.integers(min_value=0), st.binary(min_size=1, max_size=8))
def test_a_file_with_changed_bytes_never_crashes(kind: str, where: int, written: bytes) -> None:
    content = bytearray(sample(kind))
    where %= len(content)
    content[where : where + len(written)] = written
    assert outcome(bytes(content)) in {kind, *Code}


@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow])
@given(NAMES, st.sampled_from(sorted(KINDS)))
def test_a_name_is_harmless(name: str, kind: str) -> None:
    shown = harmless(name, KINDS[kind])
    assert len(shown) <= 150
    assert shown.endswith(f".{KINDS[kind].extension}")
    assert not set(shown) & set('/\\<>:"|?*;%')
    assert not [char for char in shown if unicodedata.category(char)[0] == "C"]
    assert not shown.startswith((".", " "))
    assert harmless(shown, KINDS[kind]) == shown


@pytest.mark.parametrize("kind", sorted(BUILDERS))
def test_the_content_decides_whatever_the_name(kind: str) -> None:
    assert {outcome(sample(kind), f"photo.{other}") for other in ("pdf", "png", "exe", "html")} == {kind}
