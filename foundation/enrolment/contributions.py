"""What enrolment gives to the whole."""

from django.utils.translation import gettext_lazy as _

from foundation.accounts.choices import PEOPLE_STEPS
from foundation.registry import NavigationEntry, TrailVerb, registry

registry.register(
    NavigationEntry(
        key="enrolment",
        label=_("Import"),
        icon="upload",
        url_name="enrolment:import",
        group=PEOPLE_STEPS,
        right="people.manage",
    ),
    TrailVerb(action="enrolment.import.done", sentence=_("imported people from"), icon="upload"),
)
