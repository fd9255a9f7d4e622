"""What the services of accounts raise."""


class AccountsRefused(Exception):
    """The change can't be made; the message says why, for the person who tried. `field` names what it is about."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field
