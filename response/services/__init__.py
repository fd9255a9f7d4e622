"""Writing the sheets of contacts."""

from response.services.contacts import (
    CONFIRMATION,
    ContactRefused,
    StaleContact,
    contact_add,
    contact_change,
    contact_confirm,
    contact_remove,
    sheet_follow,
    sheets_astray,
)

__all__ = [
    "CONFIRMATION",
    "ContactRefused",
    "StaleContact",
    "contact_add",
    "contact_change",
    "contact_confirm",
    "contact_remove",
    "sheet_follow",
    "sheets_astray",
]
