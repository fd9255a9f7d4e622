"""The app configuration that loads an app's `contributions.py` into the registry."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import module_has_submodule


class ContributingConfig(AppConfig):
    """Load `contributions.py` and `checks.py`, where the app has them, once all models are ready.

    Import this module, not the class, into an `apps.py`: Django takes the one configuration class it finds there.
    """

    def ready(self) -> None:
        """Import the app's contributions and system checks, which register themselves."""
        for name in ("contributions", "checks"):
            if module_has_submodule(self.module, name):
                import_module(f"{self.name}.{name}")
