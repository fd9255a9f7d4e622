"""What records give to the whole."""

from django.utils.translation import gettext_lazy as _

from foundation.records.querysets import HAS_WITHHELD, STANDS_IN
from foundation.records.selectors import owned_held, parts_held
from foundation.records.services import owned_hand_over, parts_hand_over
from foundation.registry import AccessFact, HandOver, NavigationEntry, TrailVerb, registry

registry.register(
    AccessFact(
        key=HAS_WITHHELD,
        sql="SELECT DISTINCT user_id FROM records_withheld WHERE user_id = ANY(%(users)s)",
    ),
    AccessFact(
        key=STANDS_IN,
        sql="""SELECT DISTINCT stand_in_id FROM accounts_delegation
            WHERE stand_in_id = ANY(%(users)s) AND starts_on <= %(day)s AND ends_on >= %(day)s""",
    ),
    NavigationEntry(
        key="trail",
        label=_("Trail"),
        icon="history",
        url_name="records:trail-list",
        group="manage",
        order=910,
        right="trail.view",
    ),
    HandOver(
        key="records.owned",
        label=_("Records owned, in which something is left to do"),
        order=500,
        held=owned_held,
        hand_over=owned_hand_over,
    ),
    HandOver(
        key="records.parts",
        label=_("Parts in other records"),
        order=510,
        held=parts_held,
        hand_over=parts_hand_over,
    ),
    TrailVerb(action="records.participants.changed", sentence=_("changed who takes part"), icon="users"),
    TrailVerb(action="records.trail.exported", sentence=_("exported the trail"), icon="file-export"),
)
