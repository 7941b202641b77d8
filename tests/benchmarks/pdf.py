"""Times PDF/UA-1 reports in one process of its own, warm: the product's, and the floor's two bare ones.

`floor` prints a report of the usual shape with WeasyPrint as it comes; `bare` prints the product's own HTML in the
same way, its style sheet and fonts included. Run as `python -m tests.benchmarks.pdf INPUTS COUNT`; prints JSON.
"""

import gc
import io
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def measure(inputs: dict[str, Any], count: int) -> dict[str, dict[str, Any]]:
    from weasyprint import CSS, HTML

    from assessments.management.commands.worker import _collect_rarely
    from assessments.reports import files
    from assessments.reports.pdf import VARIANT, Fetcher, pdf_of, printable, warm_up
    from assessments.reports.readiness import html_of
    from tests.benchmarks.floor import report

    def product(number: int) -> bytes:
        return pdf_of(named(inputs, number))

    def bare(number: int) -> bytes:
        document = HTML(string=printable(html_of(named(inputs, number))), url_fetcher=Fetcher())
        style = CSS(filename=files.STYLE_SHEET, url_fetcher=Fetcher())
        return bytes(document.write_pdf(stylesheets=[style], pdf_variant=VARIANT))

    def floor(number: int) -> bytes:
        return bytes(HTML(string=report.html(number)).write_pdf(pdf_variant=VARIANT))

    makers: dict[str, Callable[[int], bytes]] = {"floor": floor, "bare": bare, "product": product}
    warm_up()
    times: dict[str, list[float]] = {name: [] for name in makers}
    made = {name: make(0) for name, make in makers.items()}
    for number in range(1, count + 1):
        for name in ("floor", "bare"):
            times[name].append(_timed(makers[name], number))
        # The product as its worker runs it; the other two as WeasyPrint comes.
        usual = gc.get_threshold()
        _collect_rarely()
        times["product"].append(_timed(product, number))
        gc.unfreeze()
        gc.set_threshold(*usual)
    return {name: {"ms": times[name], "pages": _pages(made[name]), "bytes": len(made[name])} for name in makers}


def named(inputs: dict[str, Any], number: int) -> dict[str, Any]:
    return inputs | {"service": inputs["service"] | {"name": f"Service {number}"}}


def _timed(make: Callable[[int], bytes], number: int) -> float:
    begun = time.perf_counter()
    make(number)
    return (time.perf_counter() - begun) * 1000


def _pages(pdf: bytes) -> int:
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spinout.settings")
    import django

    django.setup()
    sys.stdout.write(json.dumps(measure(json.loads(Path(sys.argv[1]).read_text()), int(sys.argv[2]))))
