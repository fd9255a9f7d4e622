"""Which frameworks an audit is held against, as far as a person may know of them."""

from django.db.models import JSONField
from django.utils.translation import gettext as _

from audits.models import Audit, FindingListing
from compliance.models import Framework
from compliance.querysets import readable_sql
from foundation.accounts.models import User
from foundation.records.models import Record
from foundation.records.written import Written

NAMED = """COALESCE((
    SELECT jsonb_agg(jsonb_build_object('reference', framework.reference, 'title', framework.title)
        ORDER BY framework.title, framework.id)
    FROM audits_audit_frameworks AS examined JOIN records_record AS framework ON framework.id = examined.framework_id
    WHERE examined.audit_id = {audit} AND READABLE
), '[]')"""


def is_framework_hidden(framework: Framework, record: Record | FindingListing) -> bool:
    """Tell whether a framework goes without its name where all read it who read a record: it is confidential, and that is not."""
    return framework.is_restricted and not record.is_restricted


def framework_name(framework: Framework, record: Record | FindingListing) -> str:
    """Return what a framework is called where all read it who read a record."""
    return _("A confidential framework") if is_framework_hidden(framework, record) else framework.title


def frameworks_named(user: User) -> Written:
    """Return what adds to each audit its frameworks that a person may read: the reference and title of each, by title."""
    readable, values = readable_sql(user, "framework")
    sql = NAMED.replace("READABLE", readable)
    return Written(sql, {"audit": "pk"}, values, output_field=JSONField())


def frameworks_unseen(audit: Audit, user: User) -> list[Framework]:
    """Return the frameworks of an audit that a person may not read: whoever changes the audit leaves them as they are."""
    return list(audit.frameworks.exclude(pk__in=Framework.objects.visible_to(user).values("pk")))
