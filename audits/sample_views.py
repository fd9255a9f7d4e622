"""Views of the list of audits that the sample bank's people saved, for themselves and for others."""

from audits.sample_plan.rows import HANNEKE, KENJIRO, LEONOR, YUSUF
from foundation.accounts.sample import SampleContext
from foundation.lists.choices import Sharing
from foundation.lists.services import view_save

LIST = "audits:audit-list"
VIEWS = (
    (LEONOR, "Late, oldest first", "late=on&sort=starts_on", Sharing.EVERYONE),
    (HANNEKE, "In fieldwork", "state=fieldwork", Sharing.EVERYONE),
    (HANNEKE, "Next at suppliers", "state=planned&type=supplier&sort=starts_on", Sharing.UNIT),
    (YUSUF, "Mine, by start", "mine=on&sort=starts_on", Sharing.NOBODY),
    (YUSUF, "Technical tests", "type=technical_test", Sharing.NOBODY),
    (KENJIRO, "Reports to write", "mine=on&state=reporting", Sharing.NOBODY),
)


def sample_views(context: SampleContext) -> None:
    """Save them."""
    for key, name, query, sharing in VIEWS:
        view_save(actor=context.person(key), list_key=LIST, name=name, query=query, sharing=sharing)
