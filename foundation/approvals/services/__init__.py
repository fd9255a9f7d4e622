"""Writes of approvals."""

from foundation.approvals.services.calling import DECIDERS as DECIDERS
from foundation.approvals.services.calling import DECISION_DEADLINE as DECISION_DEADLINE
from foundation.approvals.services.calling import HANDED_BACK as HANDED_BACK
from foundation.approvals.services.calling import REQUESTED as REQUESTED
from foundation.approvals.services.calling import dates_follow as dates_follow
from foundation.approvals.services.calling import notice_of as notice_of
from foundation.approvals.services.calling import step_call as step_call
from foundation.approvals.services.passing import approval_hand_on as approval_hand_on
from foundation.approvals.services.passing import hand_on_end as hand_on_end
from foundation.approvals.services.passing import hand_on_refusal as hand_on_refusal
from foundation.approvals.services.passing import hand_on_take_back as hand_on_take_back
from foundation.approvals.services.requests import ApprovalRefused as ApprovalRefused
from foundation.approvals.services.requests import ApprovalVoid as ApprovalVoid
from foundation.approvals.services.requests import approval_decide as approval_decide
from foundation.approvals.services.requests import approval_request as approval_request
from foundation.approvals.services.requests import approval_void_if_changed as approval_void_if_changed
from foundation.approvals.services.requests import approval_withdraw as approval_withdraw
from foundation.approvals.services.requests import approvals_follow_words as approvals_follow_words
from foundation.approvals.services.requests import content_digest as content_digest
from foundation.approvals.services.requests import request_lock as request_lock
from foundation.approvals.services.routes import route_reset as route_reset
from foundation.approvals.services.routes import route_set as route_set
from foundation.approvals.services.routes import version_of_route as version_of_route
from foundation.approvals.services.witnessing import content_seen as content_seen
