"""What a person chooses from to say how something recurs."""

from django.utils.translation import gettext_lazy as _

NEVER = ""
DAILY = "DAILY"
WEEKLY = "WEEKLY"
MONTHLY = "MONTHLY"
YEARLY = "YEARLY"
KEPT = "KEPT"  # a rule that these fields can't say, left as it is

UNITS = [
    (NEVER, _("Does not repeat")),
    (DAILY, _("Daily")),
    (WEEKLY, _("Weekly")),
    (MONTHLY, _("Monthly")),
    (YEARLY, _("Yearly")),
]
WEEKDAYS = [
    ("MO", _("Monday")),
    ("TU", _("Tuesday")),
    ("WE", _("Wednesday")),
    ("TH", _("Thursday")),
    ("FR", _("Friday")),
    ("SA", _("Saturday")),
    ("SU", _("Sunday")),
]
BY_DAY = "day"
BY_WEEKDAY = "weekday"
BY = [
    (BY_DAY, _("On the same day of the month as the start (shorter months: on their last day)")),
    (BY_WEEKDAY, _("On a weekday of the month")),
]
NTHS = [
    ("1", _("first")),
    ("2", _("second")),
    ("3", _("third")),
    ("4", _("fourth")),
    ("-1", _("last")),
]
ENDS_NEVER = ""
ENDS_ON = "on"
ENDS_AFTER = "after"
ENDS = [
    (ENDS_NEVER, _("Never")),
    (ENDS_ON, _("On a date")),
    (ENDS_AFTER, _("After a number of times")),
]
