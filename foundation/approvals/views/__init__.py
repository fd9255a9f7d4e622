"""Pages of approvals: what waits for me, the page on which it is decided, and the routes."""

from foundation.approvals.views.passing import HandOn as HandOn
from foundation.approvals.views.passing import hand_on_take_back_view as hand_on_take_back_view
from foundation.approvals.views.record import request_record as request_record
from foundation.approvals.views.record import request_record_pdf as request_record_pdf
from foundation.approvals.views.remarks import ReaderAsk as ReaderAsk
from foundation.approvals.views.remarks import RemarkAnswer as RemarkAnswer
from foundation.approvals.views.remarks import RemarkCreate as RemarkCreate
from foundation.approvals.views.remarks import remark_settle_view as remark_settle_view
from foundation.approvals.views.requests import request_decide as request_decide
from foundation.approvals.views.requests import request_detail as request_detail
from foundation.approvals.views.requests import request_list as request_list
from foundation.approvals.views.requests import request_withdraw as request_withdraw
from foundation.approvals.views.routes import RouteEdit as RouteEdit
from foundation.approvals.views.routes import RouteList as RouteList
from foundation.approvals.views.routes import RouteReset as RouteReset
