"""What services of duties refuse."""

from foundation.records.services import FieldsRefused


class ActivityRefused(FieldsRefused):
    """What was asked for an activity is not possible as things stand; the message says why, for the person."""
