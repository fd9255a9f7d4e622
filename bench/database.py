"""A database of the benchmark's own, beside the installation's, made by the owner's role and dropped in the end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

from django.core.management import call_command
from django.db import connections

from foundation.operations.launch.testdatabase import TEMPLATE

SUFFIX = "_bench"
ALIASES = ("default", "owner")


@contextmanager
def bench_database() -> Iterator[str]:
    """Make and migrate the database, point both aliases to it, and yield its name; drop it however the block ends.

    One that an earlier run left behind is dropped first. The installation's own database is not touched.
    """
    owner = connections["owner"]
    installed = owner.settings_dict["NAME"]
    name = f"{installed}{SUFFIX}"
    with owner.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        template = os.environ.get(TEMPLATE, "template1")  # in a run of the tests, one that is migrated
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    _point_to(name)
    try:
        call_command("migrate", database="owner", verbosity=0)
        yield name
    finally:
        _point_to(installed)
        with connections["owner"].cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connections["owner"].close()


def _point_to(name: str) -> None:
    for alias in ALIASES:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def url_of(variable: str, name: str) -> str:
    """Return the database URL of an environment variable with another database in it; empty when it is not set."""
    url = os.environ.get(variable, "")
    if not url:
        return ""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{name}"))
