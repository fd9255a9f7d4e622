"""The tables of approvals."""

from foundation.approvals.models.awaited import AWAITED_SQL as AWAITED_SQL
from foundation.approvals.models.awaited import AwaitedVoice as AwaitedVoice
from foundation.approvals.models.circles import Circle as Circle
from foundation.approvals.models.decisions import ApprovalDecision as ApprovalDecision
from foundation.approvals.models.passing import HandOn as HandOn
from foundation.approvals.models.remarks import LONGEST_QUOTE as LONGEST_QUOTE
from foundation.approvals.models.remarks import Remark as Remark
from foundation.approvals.models.remarks import passage_key as passage_key
from foundation.approvals.models.requests import ApprovalRequest as ApprovalRequest
from foundation.approvals.models.requests import ApprovalStep as ApprovalStep
from foundation.approvals.models.routes import LONGEST_DAYS as LONGEST_DAYS
from foundation.approvals.models.routes import MOST_STAGES as MOST_STAGES
from foundation.approvals.models.routes import Route as Route
from foundation.approvals.models.routes import RouteStage as RouteStage
from foundation.approvals.models.witnesses import ApprovalCall as ApprovalCall
from foundation.approvals.models.witnesses import ApprovalSeen as ApprovalSeen
