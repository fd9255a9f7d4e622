"""What search gives to the whole."""

from django.utils.translation import gettext_lazy as _

from foundation.registry import RecordOpened, SearchSource, registry
from foundation.search.people import people_matching
from foundation.search.services import visit_note

registry.register(
    RecordOpened(key="search.visits", react=visit_note),
    SearchSource(
        key="people", label=_("People"), icon="users", search=people_matching, right="people.view", order=50
    ),
)
