"""Wiring of the project: settings, URLs, the Celery application. No business code."""

from ciso_portal.celery import app as celery_app

__all__ = ["celery_app"]
