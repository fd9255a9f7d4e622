"""Documents for tests."""

from datetime import UTC, date, datetime
from typing import Any

from foundation.accounts.models import BusinessUnit, User
from foundation.approvals.choices import Verdict
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.sample import open_and_decide
from foundation.approvals.selectors import latest_request
from foundation.documents.tests.test_extraction import docx
from foundation.files.models import File
from foundation.files.services import file_add
from foundation.files.tests.contents import picture, upload
from foundation.lifecycle.services import apply_transition
from foundation.testing.cast import Cast
from policies.choices import DocumentType
from policies.models import Document
from policies.selectors import coming_of
from policies.services import document_create, draft_upload, draft_write

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TEXT = "## Purpose\n\nKeep doors shut.\n\n## Rules\n\n- Shut the door.\n- Keep the key.\n"


def document_make(
    cast: Cast, *, actor: User | None = None, unit: BusinessUnit | None = None, **said: Any
) -> Document:
    """Begin a policy of the whole organisation, which the analyst writes and owns."""
    said = {"title": "Door policy", "type": DocumentType.POLICY, "body": TEXT, **said}
    writer, now = actor or cast.analyst, said.pop("now", NOW)
    return document_create(
        actor=writer, now=now, unit=unit or cast.units.root, owner=said.pop("owner", writer), **said
    )


def step(document: Document, name: str, actor: User, *, now: datetime = NOW, comment: str = "") -> Document:
    """Take a step, and return the document as it is then."""
    apply_transition(record=document, name=name, actor=actor, now=now, comment=comment)
    return Document.objects.get(pk=document.pk)


def decide(
    document: Document,
    actor: User,
    verdict: Verdict = Verdict.APPROVE,
    *,
    now: datetime = NOW,
    comment: str = "",
) -> Document:
    """Decide on what was submitted, and return the document as it is then."""
    request = latest_request(document)
    assert isinstance(request, ApprovalRequest)
    open_and_decide(request=request, actor=actor, verdict=verdict, now=now, comment=comment)
    return Document.objects.get(pk=document.pk)


def submitted(cast: Cast, **said: Any) -> Document:
    """Begin a policy and submit it."""
    return step(document_make(cast, **said), "submit", cast.analyst, now=said.get("now", NOW))


def published(cast: Cast, **said: Any) -> Document:
    """Begin a policy and publish it: the CISO approves it."""
    return decide(submitted(cast, **said), cast.ciso, now=said.get("now", NOW))


def revising(
    cast: Cast, *, body: str = TEXT + "\n## More\n\nAnd windows.\n", day: date | None = None
) -> Document:
    """Publish a policy, and write its next version."""
    document = step(published(cast), "revise", cast.analyst)
    draft = coming_of(document)
    assert draft is not None
    draft_write(
        document=document,
        changes={"body": body, "summary": "Windows, too", "effective_on": day},
        is_material=True,
        actor=cast.analyst,
        now=NOW,
        revision=draft.revision,
    )
    return document


def picture_on(
    document: Document, actor: User, name: str = "door.png", size: tuple[int, int] = (40, 30)
) -> File:
    """Add a picture to the files of a document."""
    return file_add(record=document, upload=upload(name, picture(size=size)), actor=actor, now=NOW)


def pictured(cast: Cast, **said: Any) -> tuple[Document, File]:
    """Publish a policy whose text shows a picture."""
    document = document_make(cast, **said)
    file = picture_on(document, cast.analyst)
    draft = coming_of(document)
    assert draft is not None
    draft_write(
        document=document,
        changes={"body": f"{TEXT}\n![The door](files/{file.key}/1)\n"},
        is_material=None,
        actor=cast.analyst,
        now=NOW,
        revision=draft.revision,
    )
    return decide(step(Document.objects.get(pk=document.pk), "submit", cast.analyst), cast.ciso), file


def filed(cast: Cast, **said: Any) -> Document:
    """Publish a policy that is a file."""
    document = document_make(cast, **said)
    draft_upload(
        document=document, upload=upload("Doors.docx", docx()), actor=cast.analyst, now=NOW, revision=1
    )
    return decide(step(Document.objects.get(pk=document.pk), "submit", cast.analyst), cast.ciso)
