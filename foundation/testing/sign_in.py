"""Browsers in which somebody has just signed in, without the cost of the sign-in page."""

import time

from django.test import Client

from foundation.accounts.allauth_inside import note_shown
from foundation.accounts.models import User


def client_of(user: User, *, confirmed: bool = False) -> Client:
    """Return a browser in which the person typed the password just now. (`force_login` alone: shown nothing lately.)

    `confirmed`: was asked for it by the portal, so no step asks once more.
    """
    client = Client()
    client.force_login(user)
    session = client.session
    note_shown(session, user, method="password", at=time.time(), again=confirmed)
    session.save()
    return client
