"""What the services of controls raise."""

from foundation.records.services import FieldsRefused


class ControlRefused(FieldsRefused):
    """The control can't be changed so; the message says why."""
