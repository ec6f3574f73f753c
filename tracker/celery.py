"""The Celery application: ``celery -A tracker worker -B`` runs the worker with its beat."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")

app = Celery("tracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["tracker.jobs", "tracker.delivery.snapshots", "tracker.delivery.webhooks"])
