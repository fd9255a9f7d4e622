"""What lifecycles give to the whole."""

from typing import Any

from foundation.lifecycle.tables import Lifecycle
from foundation.registry import FieldWords, registry


def state_words(kind: str, value: Any) -> Any:
    """Return the label of a state of a kind of record; None for one that its table doesn't know (any more)."""
    table = registry.find(Lifecycle, kind)
    return dict(table.states.choices).get(value) if table else None


registry.register(FieldWords(key="state", words=state_words))
