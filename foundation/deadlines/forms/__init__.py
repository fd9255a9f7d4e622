"""Forms: how something recurs, and the ladders of reminders."""

from foundation.deadlines.forms.days import DaysForm as DaysForm
from foundation.deadlines.forms.ladders import LadderForm as LadderForm
from foundation.deadlines.forms.recurrence import RecurrenceFields as RecurrenceFields
from foundation.deadlines.forms.recurrence import RecurrenceFormMixin as RecurrenceFormMixin
from foundation.deadlines.forms.recurrence import RecurrencePreview as RecurrencePreview
from foundation.deadlines.forms.recurrence import RecurrencePreviewForm as RecurrencePreviewForm
from foundation.deadlines.forms.snooze import SnoozeForm as SnoozeForm
