"""Browsers in which somebody has just signed in, without the cost of the sign-in page."""

import time

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.test import Client

from foundation.accounts.models import User


def client_of(user: User) -> Client:
    """Return a browser in which the person typed the password just now. (`force_login` alone: shown nothing lately.)"""
    client = Client()
    client.force_login(user)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()
    return client
