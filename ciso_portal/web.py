"""How gunicorn runs the portal: `gunicorn --config python:ciso_portal.web ciso_portal.wsgi:application`."""

import gc
from typing import Any

from django.urls import get_resolver

preload_app = True
workers = 2
threads = 4
graceful_timeout = 4
timeout = 60
loglevel = "warning"
control_socket_disable = True

# A page makes some ten thousand short-lived objects. Looking through all of the program's own for garbage meanwhile, as
# Python would by default every few pages, costs one page in twenty as much again as its work.
YOUNG_OBJECTS = 50_000


def when_ready(server: Any) -> None:
    """Load every page before the workers are forked, and take what will stay out of the garbage collector's sight."""
    get_resolver().url_patterns  # noqa: B018 - loads the views
    gc.collect()
    gc.freeze()


def post_fork(server: Any, worker: Any) -> None:
    """Let the garbage collector look less often."""
    gc.set_threshold(YOUNG_OBJECTS, 20, 50)
