#!/usr/bin/env python
"""Django's command line for the portal, and `up` and `test`: see `foundation/operations/launch/`."""

import os
import sys

from foundation.operations.launch.commandline import run


def main() -> None:
    """Run the command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ciso_portal.settings")
    sys.exit(run(sys.argv))


if __name__ == "__main__":
    main()
