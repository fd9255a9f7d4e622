"""What my desk gives to the whole."""

from django.utils.translation import gettext_lazy as _

from foundation.desk.sample import sample_desks
from foundation.desk.shelves import late_dates
from foundation.registry import NavigationEntry, SampleSet, TrailVerb, registry

registry.register(
    NavigationEntry(
        key="desk",
        label=_("My desk"),
        icon="layout-dashboard",
        url_name="desk:desk",
        order=1,
        badge=late_dates,
    ),
    SampleSet(key="desk", order=90, load=sample_desks),
    TrailVerb(
        action="desk.first_steps.dismissed",
        sentence=_("took the first steps off the desk"),
        icon="list-check",
    ),
)
