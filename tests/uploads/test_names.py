import pytest

from assessments.uploads.kinds import KINDS
from assessments.uploads.names import harmless

CASES = (
    ("minutes.pdf", "minutes.pdf"),
    ("MINUTES.PDF", "MINUTES.pdf"),
    ("Board paper 12 (final), v3.5.pdf", "Board paper 12 (final), v3.5.pdf"),
    ("Cyfarfod â'r undeb.pdf", "Cyfarfod â'r undeb.pdf"),
    ("年金.pdf", "年金.pdf"),
    # The wrong extension of a kind that we keep is replaced, any other followed by ours.
    ("photo.jpeg", "photo.pdf"),
    ("minutes v2.1", "minutes v2.1.pdf"),
    ("minutes.pdf.exe", "minutes.pdf.exe.pdf"),
    ("page.html", "page.html.pdf"),
    # Folders.
    ("../../etc/passwd", "passwd.pdf"),
    ("..\\..\\windows\\system.ini", "system.ini.pdf"),
    ("C:\\Users\\ann\\minutes.pdf", "minutes.pdf"),
    ("C:minutes.pdf", "minutes.pdf"),
    ("/minutes.pdf", "minutes.pdf"),
    ("minutes.pdf/", "evidence.pdf"),
    ("..", "evidence.pdf"),
    # What cannot be seen.
    ("a.pdf\0.exe", "a.pdf.exe.pdf"),
    ("annual\u202efdp.exe", "annualfdp.exe.pdf"),
    ("one\r\nSet-Cookie- x.pdf", "oneSet-Cookie- x.pdf"),
    ("zero\u200bwidth\ufeff.pdf", "zerowidth.pdf"),
    ("half\ud800.pdf", "half.pdf"),
    ("wide\u2003\u2028space.pdf", "wide space.pdf"),
    # What Windows or a header takes for something else.
    ('a"; filename="b.exe.pdf', "a-- filename=-b.exe.pdf"),
    ("a<b>|c?*.pdf", "a-b--c--.pdf"),
    ("minutes.pdf:stream", "minutes.pdf-stream.pdf"),
    ("CON", "evidence-CON.pdf"),
    ("con.pdf", "evidence-con.pdf"),
    ("lpt1.old.pdf", "evidence-lpt1.old.pdf"),
    ("COM¹.pdf", "evidence-COM¹.pdf"),
    ("conference.pdf", "conference.pdf"),
    # Nothing left.
    ("", "evidence.pdf"),
    (".pdf", "evidence.pdf"),
    (" . . ", "evidence.pdf"),
    (".htaccess", "htaccess.pdf"),
    ("trailing. .pdf", "trailing.pdf"),
    ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
)


@pytest.mark.parametrize(("sent", "shown"), CASES, ids=[ascii(sent)[:40] for sent, _ in CASES])
def test_harmless(sent: str, shown: str) -> None:
    assert harmless(sent, KINDS["pdf"]) == shown
