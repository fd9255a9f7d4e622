"""What search gives to the whole."""

from foundation.registry import RecordOpened, registry
from foundation.search.services import visit_note

registry.register(RecordOpened(key="search.visits", react=visit_note))
