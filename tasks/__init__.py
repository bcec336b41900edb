"""When things run, never how: the Celery application, the schedule and thin tasks."""

from tasks.app import app

__all__ = ["app"]
