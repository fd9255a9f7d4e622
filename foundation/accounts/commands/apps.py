"""Configuration of the commands."""

from django.apps import AppConfig


class CommandsConfig(AppConfig):
    """Stands before `django.contrib.auth`, whose commands go around the trail."""

    name = "foundation.accounts.commands"
    label = "accounts_commands"
