"""Links in mails: from the configured address of the portal, never from a request's Host."""

import re
from urllib.parse import urlsplit

from foundation.accounts.organisation import base_url

PATH = re.compile(r"/(?!/)[!-\[\]-~]*")


class UnsafePath(ValueError):
    """A path that, behind the portal's address, could lead elsewhere."""


def absolute_link(base: str, path: str) -> str:
    """Return the link to a path; empty without an address or a path. Raises UnsafePath."""
    if not path:
        return ""
    if not PATH.fullmatch(path):
        raise UnsafePath(f"Not a path within the portal: {path!r}")
    return f"{base}{path}" if base else ""


def base_host() -> str:
    """Return the host name of the portal's address; empty when none is configured."""
    return urlsplit(base_url()).hostname or ""
