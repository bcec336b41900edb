"""How logs look: one line per event with its fields, or JSON for a collector; secrets never."""

import logging
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

SECRET_FIELDS = ("authorization", "cookie", "password", "secret", "token", "api_key", "access_key", "credential")


def without_secrets(_: Any, __: str, event: EventDict) -> EventDict:
    """Blank every field whose name says that it holds a secret."""
    return {
        name: "(hidden)" if any(word in name.lower() for word in SECRET_FIELDS) else value
        for name, value in event.items()
    }


class ExpectedRefusals(logging.Filter):
    """Tells an answer that was meant to say no in one line of information; what nobody meant stays as loud as it is.

    Django warns of every 4xx, with a traceback of some, and takes any 503 for a failure of ours. Here a 503 says that a
    network cannot be asked just now, in an answer of its own; failures of ours are 500.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        status = getattr(record, "status_code", 500)
        if status >= 500 and status != 503:
            return True
        record.levelno, record.levelname, record.exc_info = logging.INFO, "INFO", None
        return logging.getLogger().isEnabledFor(logging.INFO)  # as the operator wants it: Django sets its own level


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_secrets,
]


def structlog_configuration() -> dict[str, Any]:
    """Send structlog's events through the standard library, so that there is one stream of logs."""
    return {
        "processors": [
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        "logger_factory": structlog.stdlib.LoggerFactory(),
        "wrapper_class": structlog.stdlib.BoundLogger,
        "cache_logger_on_first_use": True,
    }


def configuration(*, as_json: bool, level: str) -> dict[str, Any]:
    """The standard library's logging, for Django's `LOGGING`."""
    last: list[Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if as_json
        else [
            structlog.dev.ConsoleRenderer(
                colors=False, pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
            )
        ]
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "events": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            },
        },
        "filters": {"expected_refusals": {"()": ExpectedRefusals}},
        "handlers": {"events": {"class": "logging.StreamHandler", "formatter": "events"}},
        "root": {"handlers": ["events"], "level": level.upper()},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            "django.request": {"filters": ["expected_refusals"]},
            "django.security.csrf": {"filters": ["expected_refusals"]},
            "celery.app.trace": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},  # says every minute that it ticks; the ledger tells more
            "celery.worker.consumer.connection": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
            "stamina": {"level": "ERROR"},  # a second attempt is no news; what came of all of them is told
        },
    }
