"""The Celery application: what a worker and beat are started with (`celery -A tasks …`)."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmark.settings")

app = Celery("yardstick")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["tasks"], related_name="work")


@setup_logging.connect
def log_like_the_rest(**_: object) -> None:
    """Keep Celery from replacing the logging that Django's settings have set up."""
