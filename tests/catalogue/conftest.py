from pathlib import Path

import pytest

from assessments.catalogue.loader import load
from assessments.catalogue.schema import Catalogue

CATALOGUES = Path(__file__).parent / "catalogues"


@pytest.fixture(scope="session")
def small() -> Catalogue:
    """The small catalogue that the engine is tested on."""
    return load(CATALOGUES / "valid" / "small")
