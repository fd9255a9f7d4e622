"""Writing deadlines, reminding of them, and changing the ladders."""

from foundation.deadlines.services.handing_over import deadlines_hand_over as deadlines_hand_over
from foundation.deadlines.services.laddering import FIELDS as FIELDS
from foundation.deadlines.services.laddering import ladder_change as ladder_change
from foundation.deadlines.services.laddering import ladder_create as ladder_create
from foundation.deadlines.services.opening import DeadlineDraft as DeadlineDraft
from foundation.deadlines.services.opening import deadlines_open as deadlines_open
from foundation.deadlines.services.reckoning import deadlines_recompute as deadlines_recompute
from foundation.deadlines.services.scanning import deadlines_scan as deadlines_scan
from foundation.deadlines.services.setting import deadline_close as deadline_close
from foundation.deadlines.services.setting import deadline_set as deadline_set
from foundation.deadlines.services.snoozing import SnoozeRefused as SnoozeRefused
from foundation.deadlines.services.snoozing import deadline_snooze as deadline_snooze
from foundation.deadlines.services.snoozing import deadline_wake as deadline_wake
