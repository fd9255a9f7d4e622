"""What of a record's activity is shown, and what trail and notices call what people said."""

from django.db import models
from django.utils.translation import gettext_lazy as _

ADDED = "conversation.comment.added"
EDITED = "conversation.comment.edited"
WITHDRAWN = "conversation.comment.withdrawn"
MENTIONED = "conversation.mentioned"
COMMENTED = "conversation.commented"


class Show(models.TextChoices):
    """All, or one kind of it."""

    ALL = "", _("All")
    COMMENTS = "comments", _("Comments")
    CHANGES = "changes", _("Changes")
    MAILS = "mails", _("Mails")
