"""What the services of documents raise."""

from foundation.records.services import FieldsRefused


class DocumentRefused(FieldsRefused):
    """The document can't be changed so; `errors` says why, by field."""
