"""Keeps how far services and advisers agree, for the page that only reads it."""

import json
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from assessments.selectors.agreement import FILE, worked_out


def work_out() -> dict[str, Any]:
    """Work it out as of today, and keep it in place of what was kept before."""
    found = worked_out()
    content = ContentFile(json.dumps(found, ensure_ascii=False, indent=1).encode())
    # A reader in between finds nothing, and says that nothing was worked out yet: it is there a moment later.
    default_storage.delete(FILE)
    default_storage.save(FILE, content)
    return found
