"""What is locked while a framework is made or written, and what is not: others go on with their work meanwhile."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction

from compliance.models import Framework
from compliance.services import FrameworkRefused, framework_create
from compliance.services.frameworks import framework_lock
from compliance.tests.factories import NOW, framework_make
from foundation.actions.models import Action
from foundation.actions.services import action_create
from foundation.conversation.services import comment_add
from foundation.testing.cast import Cast
from foundation.testing.races import PATIENCE_SECONDS, elsewhere, wait_until_blocked


def test_records_of_the_whole_organisation_are_made_while_a_framework_is(committed_cast: Cast) -> None:
    cast = committed_cast
    source = framework_make(cast).record_ptr

    def agree() -> Action:
        return action_create(
            source=source, title="Read it", owner=cast.ciso, due_on=date(2027, 3, 1), actor=cast.ciso, now=NOW
        )

    with transaction.atomic():
        framework_create(title="Quay rules", actor=cast.analyst, now=NOW)
        assert elsewhere(agree).result(PATIENCE_SECONDS).unit == cast.units.root


def test_a_framework_is_commented_on_while_a_version_of_it_is_written(committed_cast: Cast) -> None:
    cast = committed_cast
    framework = framework_make(cast)

    def say() -> str:
        comment, _mentioned = comment_add(
            record=framework.record_ptr, author=cast.ciso, text="Look here", key=uuid4(), now=NOW
        )
        return comment.text

    with transaction.atomic():
        framework_lock(framework)
        assert elsewhere(say).result(PATIENCE_SECONDS) == "Look here"


def test_of_two_frameworks_of_one_name_that_are_made_at_once_the_second_is_refused(
    committed_cast: Cast,
) -> None:
    cast = committed_cast
    with transaction.atomic():
        framework_create(title="Quay rules", actor=cast.analyst, now=NOW)
        other = elsewhere(lambda: framework_create(title="QUAY rules", actor=cast.ciso, now=NOW))
        wait_until_blocked()
    with pytest.raises(FrameworkRefused, match="FRM-0001 is called “Quay rules” already"):
        other.result(PATIENCE_SECONDS)
    assert Framework.objects.count() == 1
