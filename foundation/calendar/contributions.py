"""What the calendar gives to the whole."""

from django.utils.translation import gettext_lazy as _

from foundation.registry import DatesPage, NavigationEntry, TrailVerb, registry

registry.register(
    NavigationEntry(
        key="calendar",
        label=_("Calendar"),
        icon="calendar",
        url_name="calendar:calendar",
        order=3,
    ),
    DatesPage(key="calendar:calendar", label=_("Calendar")),
    TrailVerb(action="calendar.feed.made", sentence=_("made a calendar feed"), icon="calendar-repeat"),
    TrailVerb(
        action="calendar.feed.renewed", sentence=_("renewed the address of a calendar feed"), icon="refresh"
    ),
    TrailVerb(action="calendar.feed.revoked", sentence=_("revoked a calendar feed"), icon="calendar-off"),
)
