"""What the services of exceptions refuse."""


class ExceptionRefused(Exception):
    """What was asked for an exception is not possible as things stand; the message says why, for the person."""
