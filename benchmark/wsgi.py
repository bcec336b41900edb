"""The web process: Django behind WSGI, with a pool of database connections of its own."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmark.settings")

# Here and nowhere else: Celery closes psycopg's pool around each task, and a command needs one connection.
settings.DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
settings.DATABASES["default"]["CONN_MAX_AGE"] = 0  # a connection goes back after each request

application = get_wsgi_application()
