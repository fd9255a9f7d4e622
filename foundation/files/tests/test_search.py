"""Finding files by their names."""

import pytest

from audits.tests.factories import NOW, audit_make
from foundation.accounts.models import User
from foundation.files.selectors import files_matching
from foundation.files.services import file_withdraw, version_add
from foundation.files.tests.contents import file_make, upload
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db


def found(user: User, text: str) -> list[str]:
    return [str(hit.title) for hit in files_matching(user=user, text=text, now=NOW, limit=5)]


def test_files_are_found_by_name_and_description(cast: Cast) -> None:
    file_make(audit_make(cast), cast.analyst, "Prüfbericht_2027-Q1.txt", description="Branch in Kraków")
    for text in ("pruf", "prüfbericht 2027", "q1", "krakow", "TXT"):
        assert found(cast.auditor, text) == ["Prüfbericht_2027-Q1.txt"], text
    assert found(cast.auditor, "2026") == []
    assert found(cast.auditor, "'; & ! () :*") == []


def test_only_what_the_person_may_know_of_is_found(cast: Cast) -> None:
    restricted = audit_make(cast, confidentiality=Confidentiality.RESTRICTED)
    file_make(restricted, cast.analyst, "whistle.txt")
    assert found(cast.ciso, "whistle") == ["whistle.txt"]
    for person in (cast.unit_lead, cast.administrator, cast.executive, cast.outsider):
        assert found(person, "whistle") == []


def test_old_versions_and_withdrawn_files_are_not_found(cast: Cast) -> None:
    file = file_make(audit_make(cast), cast.analyst, "draft.txt")
    version_add(file=file, upload=upload("final.txt"), actor=cast.analyst, now=NOW)
    assert found(cast.ciso, "draft") == []
    assert found(cast.ciso, "final") == ["final.txt"]
    file_withdraw(file=file, actor=cast.analyst, now=NOW, reason="Wrong")
    assert found(cast.ciso, "final") == []
