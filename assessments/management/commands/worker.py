"""`manage.py worker`: runs jobs until it is told to stop. Any number of workers may run, on any number of machines."""

import asyncio
import contextlib
import gc
import logging
import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app

from assessments.reports.pdf import warm_up
from assessments.tasks import rescue

logger = logging.getLogger(__name__)

BEATS = 6
"""So many signs of life in the time after which a silent worker is taken for dead."""


class Command(BaseCommand):
    help = "Runs jobs: makes reports, and brings results to the day's date. Stop it with Ctrl-C or SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is queued, then stop")
        parser.add_argument(
            "--stalled-after",
            type=float,
            default=30,
            metavar="SECONDS",
            help="take over the jobs of a worker that has been silent for so long (default: %(default)s)",
        )

        parser.add_argument(
            "--nice",
            type=int,
            choices=range(20),
            default=10,
            metavar="N",
            help="0 to 19, how far to give way to web processes (default: %(default)s; 19 starves on a busy machine)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # Pages come first. A tenth of what a page gets is left to reports when every core is busy.
        os.nice(options["nice"])
        warm_up()
        _collect_rarely()
        with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
            asyncio.run(_work(once=options["once"], stalled_after=options["stalled_after"]))


async def _work(*, once: bool, stalled_after: float) -> None:
    async with app.open_async():
        await rescue(silent_for=stalled_after)
        watch = asyncio.create_task(_watch(stalled_after))
        try:
            # One report at a time: threads of one process only get in each other's way.
            await app.run_worker_async(
                concurrency=1,
                wait=not once,
                delete_jobs="successful",
                update_heartbeat_interval=stalled_after / BEATS,
                stalled_worker_timeout=stalled_after,
            )
        finally:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch


async def _watch(stalled_after: float) -> None:
    """A worker that was killed leaves its job behind; every other worker looks for such jobs from time to time."""
    while True:
        await asyncio.sleep(stalled_after / 2)
        try:
            await rescue(silent_for=stalled_after)
        except Exception:
            # The database may be away for a moment; the next look comes soon.
            logger.exception("Could not look for jobs that were left behind")


def _collect_rarely() -> None:
    """A report's objects live to its end: looking through them often would cost a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
