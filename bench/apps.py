"""Django's configuration of the benchmark: it has a command, and no models."""

from django.apps import AppConfig


class BenchConfig(AppConfig):
    """Give the portal its `bench` command."""

    name = "bench"
