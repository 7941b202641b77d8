"""The application for a WSGI server. Whoever serves people is in production unless told otherwise."""

import gc
import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("SPINOUT_ENV", "production")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spinout.settings")

application = get_wsgi_application()

# Nobody waits for pages and catalogue at the first request. They stay for good, so the collector need not look through
# them again and again: the slowest saves took a fifth longer for it.
import_module("spinout.urls")
import_module("assessments.views.pages").newest()
gc.collect()
gc.freeze()
