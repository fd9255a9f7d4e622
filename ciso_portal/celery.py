"""The Celery application. Tasks are thin wake-up calls: PostgreSQL owns what is to be done."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ciso_portal.settings")

app = Celery("ciso_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
