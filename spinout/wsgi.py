"""The application for a WSGI server. Whoever serves people is in production unless told otherwise."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("SPINOUT_ENV", "production")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spinout.settings")

application = get_wsgi_application()
