"""Reads of approvals."""

from foundation.approvals.selectors.deciders import Candidate as Candidate
from foundation.approvals.selectors.deciders import candidates_of as candidates_of
from foundation.approvals.selectors.deciders import first_short as first_short
from foundation.approvals.selectors.deciders import step_candidates as step_candidates
from foundation.approvals.selectors.deciders import step_deciders as step_deciders
from foundation.approvals.selectors.deciders import step_stand_ins as step_stand_ins
from foundation.approvals.selectors.deciders import who_is_out as who_is_out
from foundation.approvals.selectors.record import ApprovalRecord as ApprovalRecord
from foundation.approvals.selectors.record import StageRecord as StageRecord
from foundation.approvals.selectors.record import approval_record as approval_record
from foundation.approvals.selectors.remarks import Thread as Thread
from foundation.approvals.selectors.remarks import is_reader as is_reader
from foundation.approvals.selectors.remarks import threads_of as threads_of
from foundation.approvals.selectors.requests import latest_request as latest_request
from foundation.approvals.selectors.requests import progress as progress
from foundation.approvals.selectors.requests import requests_visible_to as requests_visible_to
from foundation.approvals.selectors.requests import with_steps as with_steps
from foundation.approvals.selectors.routes import circle_words as circle_words
from foundation.approvals.selectors.routes import names_for as names_for
from foundation.approvals.selectors.routes import route_delivered as route_delivered
from foundation.approvals.selectors.routes import routes_shown as routes_shown
from foundation.approvals.selectors.routes import stage_values as stage_values
from foundation.approvals.selectors.routes import stages_for as stages_for
from foundation.approvals.selectors.waiting import Queue as Queue
from foundation.approvals.selectors.waiting import queue_of as queue_of
from foundation.approvals.selectors.waiting import requests_waiting_for as requests_waiting_for
