"""Reads of the calendar."""

from foundation.calendar.selectors.ahead import Ahead as Ahead
from foundation.calendar.selectors.ahead import ahead_of as ahead_of
from foundation.calendar.selectors.days import Entry as Entry
from foundation.calendar.selectors.days import closed_words as closed_words
from foundation.calendar.selectors.days import date_visible as date_visible
from foundation.calendar.selectors.days import dates_visible as dates_visible
from foundation.calendar.selectors.days import days_listed as days_listed
from foundation.calendar.selectors.days import days_of as days_of
from foundation.calendar.selectors.days import page_of as page_of
from foundation.calendar.selectors.feeds import FeedDate as FeedDate
from foundation.calendar.selectors.feeds import feed_dates as feed_dates
from foundation.calendar.selectors.feeds import feed_of_token as feed_of_token
from foundation.calendar.selectors.feeds import feeds_of as feeds_of
from foundation.calendar.selectors.years import Heap as Heap
from foundation.calendar.selectors.years import first_of as first_of
from foundation.calendar.selectors.years import heaps_of as heaps_of
