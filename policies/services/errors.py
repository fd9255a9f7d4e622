"""What the services of documents raise."""


class DocumentRefused(Exception):
    """The document can't be changed so; the message says why."""
