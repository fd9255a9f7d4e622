"""What is to be approved, as pages show it, and what changed of it."""

from foundation.approvals.content.comparing import Difference as Difference
from foundation.approvals.content.comparing import Line as Line
from foundation.approvals.content.comparing import differences as differences
from foundation.approvals.content.passages import passages_in as passages_in
from foundation.approvals.content.shown import NOTHING as NOTHING
from foundation.approvals.content.shown import Mark as Mark
from foundation.approvals.content.shown import Rows as Rows
from foundation.approvals.content.shown import Shown as Shown
from foundation.approvals.content.shown import content_drawn as content_drawn
from foundation.approvals.content.shown import content_shown as content_shown
from foundation.approvals.content.shown import in_order as in_order
from foundation.approvals.content.shown import value_lines as value_lines
