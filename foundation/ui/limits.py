"""How often something may be asked for, counted in the cache that all web processes share.

Sign-in has limits of its own (`ACCOUNT_RATE_LIMITS`); these are for whatever else strangers may ask.
"""

import hashlib
import ipaddress
from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest

from foundation.ui.errors import TooManyRequests

# Whoever has an IPv6 address has all of its network, so it is the network that counts.
IPV6_NETWORK = 64


def limit_check(*, what: str, key: str, most: int, seconds: int, now: datetime) -> None:
    """Count one request, and raise TooManyRequests when there were more than `most` in this stretch of so many seconds.

    Stretches follow each other by the clock, so within one and a bit of the next up to twice as many pass. Two round trips
    to the cache; the key is kept as a digest.
    """
    stretch, gone = divmod(int(now.timestamp()), seconds)
    name = f"limit:{what}:{stretch}:{hashlib.sha256(key.encode()).hexdigest()}"
    cache.add(name, 0, timeout=2 * seconds)
    try:
        count = cache.incr(name)
    except ValueError:  # the cache was emptied, or went away, just now
        count = 1
    if count > most:
        raise TooManyRequests(seconds - gone)


def sender_of(request: HttpRequest) -> str:
    """Return what requests of one sender are counted by: the address, or the network that an IPv6 address is of."""
    sent_from = request.META.get("REMOTE_ADDR") or ""
    try:
        address = ipaddress.ip_address(sent_from)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped  # a socket for both versions: all of IPv4 would be one network
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, IPV6_NETWORK), strict=False))
