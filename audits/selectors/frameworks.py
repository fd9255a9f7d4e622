"""Which frameworks an audit is held against, as far as a person may know of them."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from audits.models import Audit, FindingListing
from compliance.models import Framework
from foundation.accounts.models import User
from foundation.records.models import Record


def is_framework_hidden(framework: Framework, record: Record | FindingListing) -> bool:
    """Tell whether a framework goes without its name where all read it who read a record: it is confidential, and that is not."""
    return framework.is_restricted and not record.is_restricted


def framework_name(framework: Framework, record: Record | FindingListing) -> str:
    """Return what a framework is called where all read it who read a record."""
    return _("A confidential framework") if is_framework_hidden(framework, record) else framework.title


def frameworks_named(user: User) -> ArraySubquery:
    """Return what adds to each audit its frameworks that a person may read: the reference and title of each, by title."""
    visible = Framework.objects.visible_to(user).filter(audits=OuterRef("pk")).order_by("title", "pk")
    return ArraySubquery(visible.values(name=JSONObject(reference="reference", title="title")))


def frameworks_unseen(audit: Audit, user: User) -> list[Framework]:
    """Return the frameworks of an audit that a person may not read: whoever changes the audit leaves them as they are."""
    return list(audit.frameworks.exclude(pk__in=Framework.objects.visible_to(user).values("pk")))
