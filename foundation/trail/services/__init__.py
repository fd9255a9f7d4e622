"""Writing the trail, and sealing it."""

from foundation.trail.services.entries import EntryDraft as EntryDraft
from foundation.trail.services.entries import entries_write as entries_write
from foundation.trail.services.entries import entry_write as entry_write
from foundation.trail.services.sealing import checkpoint_sign as checkpoint_sign
from foundation.trail.services.sealing import seal_entries as seal_entries
