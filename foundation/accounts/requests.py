"""A request by someone who is signed in."""

from django.http import HttpRequest

from foundation.accounts.models import User


class PersonRequest(HttpRequest):
    """The request that a view gets behind `login_required` or `right_required`: its `user` is a person."""

    user: User
