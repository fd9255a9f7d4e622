"""The forms of the admin site: they carry the version that they were filled from, as those of the portal's own pages do."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from foundation.accounts.forms.seen import SeenFormMixin
from foundation.accounts.models import BusinessUnit, RoleGrant, User
from foundation.accounts.versions import GRANT_DATES, PERSON_FIELDS, UNIT_FIELDS, UNIT_PLACE
from foundation.ui.conflicts import VERSION, Conflict


class SeenAdminForm(SeenFormMixin, forms.ModelForm):  # type: ignore[type-arg]
    """A form of the admin site. `refusal` is the error on top of it, or beside its field, with which it is shown again."""

    refusal: ClassVar[ValidationError | None] = None
    stale: ClassVar[Any] = None
    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.see(self.instance)

    @property
    def seen(self) -> str:
        """Return the version that the form was filled from."""
        return str(self.cleaned_data[VERSION])

    def clean(self) -> Any:
        """Tell what a service refused, or what somebody else saved meanwhile."""
        data = super().clean()
        if self.refusal is not None:
            self.add_error(None, self.refusal)
        if self.stale is not None:
            for sentence in _sentences(self.conflict_with(self.stale)):
                self.add_error(None, sentence)
        return data


class UserAdminForm(SeenAdminForm):
    """A person."""

    seen_fields = PERSON_FIELDS
    changed_by = "accounts.user.changed"

    class Meta:
        model = User
        fields = PERSON_FIELDS


class BusinessUnitAdminForm(SeenAdminForm):
    """A unit, and which one it is a part of."""

    seen_fields = (*UNIT_FIELDS, *UNIT_PLACE)
    changed_by = "accounts.unit.changed"

    class Meta:
        model = BusinessUnit
        fields = (*UNIT_FIELDS, *UNIT_PLACE)


class RoleGrantAdminForm(SeenAdminForm):
    """Who holds which role, where and when."""

    seen_fields = GRANT_DATES
    changed_by = "accounts.grant.changed"

    class Meta:
        model = RoleGrant
        fields = ("user", "role", "unit", *GRANT_DATES)

    def subject_of(self, current: Any) -> str:
        """Return the person: whose roles changed is what the trail says."""
        return str(current.user)


def _sentences(conflict: Conflict) -> list[str]:
    """Say both versions in sentences: the admin site's pages have no other place for them."""
    by = _(" by %(name)s") % {"name": conflict.by} if conflict.by else ""
    told = _("%(name)s was changed%(by)s while you wrote. Nothing is saved: save again to put yours over it.")
    pairs = [
        _("%(field)s: yours is “%(mine)s”, now it is “%(theirs)s”.")
        % {"field": row.label, "mine": row.mine, "theirs": row.theirs}
        for row in conflict.different_rows
    ]
    return [told % {"name": conflict.name, "by": by}, *pairs]
