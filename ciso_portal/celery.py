"""The Celery application. Tasks are thin wake-up calls: PostgreSQL owns what is to be done."""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ciso_portal.settings")

TRANSPORT_ALIASES.update(redis="ciso_portal.broker:Transport", rediss="ciso_portal.broker:Transport")

app = Celery("ciso_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect(dispatch_uid="ciso_portal.logging")
def _log_as_the_web_does(**_options: Any) -> None:
    """Let worker and beat log as the settings say, in place of Celery's own way."""
    logging.config.dictConfig(settings.LOGGING)
