"""The HTML of a bare readiness report of about 13 pages: what a PDF of this kind costs with no design of ours.

Cover, summary with a table and contents with page numbers, three pictures, eight sections with a table of ten rows
each, an action list of thirty rows, running headers.
"""

import random
from html import escape

SECTIONS = [
    "Pensions",
    "Staff and unions",
    "Board approval",
    "Working capital",
    "Tendering",
    "Governance",
    "Partners",
    "Market",
]
LEVELS = ["Nothing yet", "Recognised", "Planned", "In place", "Confirmed"]
WORDS = (
    "transfer",
    "scheme",
    "actuary",
    "council",
    "board",
    "contract",
    "staff",
    "union",
    "reserve",
    "cash",
    "price",
    "tender",
    "mandate",
    "options",
    "case",
    "risk",
    "approval",
    "fund",
    "guarantee",
    "deficit",
    "rate",
    "employer",
    "member",
    "service",
    "public",
    "value",
    "plan",
    "date",
    "evidence",
    "letter",
    "minute",
    "draft",
)

RING = '<circle cx="100" cy="100" r="{}" fill="none" stroke="#c5ccd3"/>'
STYLE = """
@page { size: A4; margin: 20mm 16mm 17mm;
  @top-left { content: string(section); font-size: 8pt }
  @top-right { content: "Readiness report"; font-size: 8pt }
  @bottom-right { content: "Page " counter(page) " of " counter(pages); font-size: 8pt } }
@page cover { margin: 0; background: #12345a;
  @top-left { content: none } @top-right { content: none } @bottom-right { content: none } }
html { font-family: "DejaVu Sans", sans-serif; font-size: 8.6pt; line-height: 1.32 }
h1 { font-size: 26pt } h2 { font-size: 16pt; string-set: section content(); margin: 0 0 4mm; bookmark-level: 1 }
h3 { font-size: 11.5pt; margin: 5mm 0 2mm } p { margin: 0 0 2.5mm } section { break-before: page }
.cover { page: cover; color: #fff; padding: 70mm 25mm 0; height: 227mm; box-sizing: border-box }
.tiles { display: grid; grid-template-columns: 1fr 1fr 1fr 1fr; gap: 4mm }
.tile { border: .4pt solid #c5ccd3; padding: 3mm }
.charts { display: flex; flex-wrap: wrap; gap: 6mm }
table { border-collapse: collapse; width: 100%; margin: 3mm 0 } tr { break-inside: avoid }
th, td { text-align: left; vertical-align: top; padding: 1.1mm 1.6mm; border-bottom: .3pt solid #c5ccd3 }
.badge { display: inline-block; padding: .4mm 1.6mm; border-radius: 1mm;
  background: #1d6b4f; color: #fff; font-size: 8pt }
.toc a { color: inherit; text-decoration: none } .toc a::after { content: leader(".") target-counter(attr(href), page) }
"""


def html(seed: int) -> str:
    """A report of the same shape for every seed, with other words."""
    words = random.Random(seed)  # noqa: S311  # nothing secret
    parts = [
        _cover(seed),
        _summary(words),
        _pictures(words),
        *(_section(words, number) for number in range(len(SECTIONS))),
    ]
    body = "".join([*parts, _plan(words)])
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Readiness report {seed}</title>'
        f"<style>{STYLE}</style></head><body>{body}</body></html>"
    )


def _text(words: random.Random, low: int, high: int) -> str:
    return escape(" ".join(words.choices(WORDS, k=words.randint(low, high))).capitalize() + ".")


def _table(headers: list[str], rows: list[list[str]]) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in headers)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _badge(level: int) -> str:
    return f'<span class="badge">{LEVELS[level]}</span>'


def _cover(seed: int) -> str:
    return f'<div class="cover"><h1>Readiness report</h1><p>Example Council {seed}</p><p>21 November 2026</p></div>'


def _summary(words: random.Random) -> str:
    tiles = "".join(f'<div class="tile"><b>{name}</b><p>{_text(words, 4, 7)}</p></div>' for name in SECTIONS[:4])
    rows = [[name, str(words.randint(0, 99)), _badge(words.randint(0, 4)), _text(words, 6, 10)] for name in SECTIONS]
    contents = "".join(f'<li><a href="#s{number}">{name}</a></li>' for number, name in enumerate(SECTIONS))
    return (
        f"<section><h2>Summary</h2><p>{_text(words, 30, 40)}</p><p>{_text(words, 30, 40)}</p>"
        f'<div class="tiles">{tiles}</div>{_table(["Section", "Index", "Level", "Comment"], rows)}'
        f'<h3>Contents</h3><ol class="toc">{contents}</ol></section>'
    )


def _pictures(words: random.Random) -> str:
    bars = "".join(
        f'<text x="0" y="{row * 24 + 14}" font-size="10">{name}</text>'
        f'<rect x="170" y="{row * 24 + 3}" width="{words.randint(20, 280)}" height="14" fill="#1d6b4f"/>'
        for row, name in enumerate(SECTIONS)
    )
    rings = "".join(RING.format(radius) for radius in (20, 40, 60, 80))
    points = " ".join(f"{words.randint(30, 170)},{words.randint(30, 170)}" for _corner in range(8))
    return (
        '<section><h2>At a glance</h2><div class="charts">'
        f'<svg role="img" aria-label="Bars" viewBox="0 0 480 192" width="480" height="192">{bars}</svg>'
        f'<svg role="img" aria-label="Rings" viewBox="0 0 200 200" width="200" height="200">{rings}</svg>'
        '<svg role="img" aria-label="Web" viewBox="0 0 200 200" width="200" height="200">'
        f'<polygon points="{points}" fill="#1f5aa6" fill-opacity=".25" stroke="#1f5aa6"/></svg>'
        f"</div><p>{_text(words, 40, 60)}</p></section>"
    )


def _section(words: random.Random, number: int) -> str:
    rows = [
        [
            f"{number + 1}.{row}",
            _text(words, 7, 12),
            _text(words, 3, 8),
            str(words.randint(0, 99)),
            _badge(words.randint(0, 4)),
        ]
        for row in range(1, 11)
    ]
    steps = "".join(f"<li>{_text(words, 8, 18)}</li>" for _step in range(3))
    return (
        f'<section id="s{number}"><h2>{SECTIONS[number]}</h2><p>{_text(words, 25, 40)}</p>'
        f"{_table(['No.', 'Question', 'Answer', 'Index', 'Level'], rows)}"
        f"<h3>What this means</h3><p>{_text(words, 25, 40)}</p><h3>Next steps</h3><ul>{steps}</ul></section>"
    )


def _plan(words: random.Random) -> str:
    rows = [
        [
            str(row),
            _text(words, 8, 14),
            "Finance lead",
            f"Q{words.randint(1, 4)} 2027",
            "Medium",
            str(words.randint(1, 12)),
        ]
        for row in range(1, 31)
    ]
    return f"<section><h2>Actions</h2>{_table(['#', 'Action', 'Owner', 'When', 'Effort', 'Gain'], rows)}</section>"
