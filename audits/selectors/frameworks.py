"""Which frameworks an audit is held against, as far as a person may know of them."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from audits.models import Audit
from compliance.models import Framework
from foundation.accounts.models import User


def frameworks_named(user: User) -> ArraySubquery:
    """Return what adds to each audit its frameworks that a person may read: the reference and title of each, by title."""
    visible = Framework.objects.visible_to(user).filter(audits=OuterRef("pk")).order_by("title", "pk")
    return ArraySubquery(visible.values(name=JSONObject(reference="reference", title="title")))


def frameworks_unseen(audit: Audit, user: User) -> list[Framework]:
    """Return the frameworks of an audit that a person may not read: whoever changes the audit leaves them as they are."""
    return list(audit.frameworks.exclude(pk__in=Framework.objects.visible_to(user).values("pk")))
