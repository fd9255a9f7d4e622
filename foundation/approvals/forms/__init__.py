"""Forms of approvals: a decision, a withdrawal, a route."""

from foundation.approvals.forms.decisions import DecisionForm as DecisionForm
from foundation.approvals.forms.decisions import WithdrawalForm as WithdrawalForm
from foundation.approvals.forms.passing import HandOnForm as HandOnForm
from foundation.approvals.forms.remarks import ReaderForm as ReaderForm
from foundation.approvals.forms.remarks import RemarkForm as RemarkForm
from foundation.approvals.forms.routes import RouteForm as RouteForm
