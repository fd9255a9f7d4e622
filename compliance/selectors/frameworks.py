"""Which frameworks a person may read, and what stands in an edition."""

from typing import TYPE_CHECKING

from compliance.models import Edition, Framework, RequirementText
from compliance.querysets import FrameworkQuerySet, RequirementTextQuerySet

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


def frameworks_visible(user: "AnyUser") -> FrameworkQuerySet:
    """Return the frameworks that a person may read and that were not archived; whoever reads records reads them."""
    frameworks: FrameworkQuerySet = Framework.objects.visible_to(user).unarchived()
    return frameworks


def requirements_of(edition: Edition) -> RequirementTextQuerySet:
    """Return what an audit can test of an edition, in its order: no headings, and nothing that was withdrawn."""
    texts: RequirementTextQuerySet = RequirementText.objects.filter(edition=edition)
    return texts.testable().select_related("requirement").order_by("position")
