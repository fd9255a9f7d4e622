"""Making records and changing them, once per form that asks for it."""

from foundation.records.services.handing_over import owned_hand_over, parts_hand_over
from foundation.records.services.indexing import records_index
from foundation.records.services.participants import (
    participants_name,
    participants_name_all,
    participants_set,
)
from foundation.records.services.records import (
    FieldsRefused,
    StaleRecord,
    record_create,
    record_hold,
    record_touch,
    record_update,
    records_create,
    reference_take,
    references_take,
)
from foundation.records.services.submissions import SubmissionReused, submit_once
from foundation.records.services.withholding import records_withhold

__all__ = [
    "FieldsRefused",
    "StaleRecord",
    "SubmissionReused",
    "owned_hand_over",
    "participants_name",
    "participants_name_all",
    "participants_set",
    "parts_hand_over",
    "record_create",
    "record_hold",
    "record_touch",
    "record_update",
    "records_create",
    "records_index",
    "records_withhold",
    "reference_take",
    "references_take",
    "submit_once",
]
