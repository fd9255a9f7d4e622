"""Who signs in by e-mail and password, and who a session belongs to."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from foundation.accounts.models import User
from foundation.accounts.rows import read_row


class PortalBackend(AuthenticationBackend):
    """allauth's, which finds a session's person by one plain statement: every request asks for it."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the person, or None where there is none or the account is closed."""
        user = read_row(User, "id = %s", [User._meta.pk.to_python(user_id)])
        return user if user is not None and self.user_can_authenticate(user) else None
