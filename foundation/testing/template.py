"""Make the migrated database that the tests of one run copy: `python -m foundation.testing.template NAME`."""

import os
import sys

import django


def main(name: str) -> None:
    """Make the database, under this name, as its owner."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ciso_portal.settings")
    django.setup()

    from django.db import connections  # noqa: PLC0415 - when Django is set up

    from foundation.testing.database import keep_what_migrations_made  # noqa: PLC0415 - as above

    owner = connections["owner"]
    owner.settings_dict["TEST"]["NAME"] = name
    owner.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    keep_what_migrations_made()
    owner.close()


if __name__ == "__main__":
    main(sys.argv[1])
