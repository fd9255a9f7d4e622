"""How the portal logs: one line a message on standard output, readable or as JSON, of all its processes alike."""

import logging
from typing import Any

import structlog

# What both our own messages and those of libraries pass through.
SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
]


def _is_not_from_healthz(record: logging.LogRecord) -> bool:
    """Keep out what a monitor is told each minute anyway: that a part of the portal is not well."""
    return getattr(getattr(record, "request", None), "path", "") != "/healthz"


def configuration(*, as_json: bool, level: str) -> dict[str, Any]:
    """Return the LOGGING setting, and set structlog up to go the same way."""
    structlog.configure(
        processors=[*SHARED_PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    if as_json:
        last = [
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ]
    else:
        plain = structlog.dev.plain_traceback  # the rich one would print what variables hold
        last = [structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, exception_formatter=plain)]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED_PROCESSORS,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            }
        },
        "filters": {
            "not_healthz": {"()": "django.utils.log.CallbackFilter", "callback": _is_not_from_healthz}
        },
        "handlers": {
            "output": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["not_healthz"]}
        },
        "root": {"handlers": ["output"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            # One line for each task each minute says nothing; failures are logged as errors all the same.
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
        },
    }
