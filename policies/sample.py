"""The sample bank's documents: some in force, one being revised, one waiting for approval, one just begun."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from foundation.accounts.models import User
from foundation.accounts.sample import SampleContext
from foundation.approvals.sample import open_and_decide
from foundation.approvals.selectors import latest_request
from foundation.lifecycle.services import apply_transition
from foundation.notifications.services import notices_cancel
from policies.choices import ReviewOutcome
from policies.models import Document
from policies.selectors import coming_of
from policies.services import announcements_settle, document_create, document_review, draft_write
from policies.starting_texts import StartingText, starting_texts

WRITER, DECIDER = "yusuf.adeyinka", "leonor.vasconcelos"


ASSISTANTS = """Of the assistants of artificial intelligence, those on the list are open to everyone:

| Assistant | For what | What may go in |
|---|---|---|
| [House assistant] | Drafts, summaries, translations | Public and internal information |
| [Code assistant] | Source code of our own | No secrets, no data of customers |

- [ ] Ask before you use another one: the list grows by request.

## Own devices
"""


@dataclass(frozen=True)
class SampleDocument:
    """A document by the text that it starts from: how long ago it was written, and how far it has come."""

    key: str
    days: int
    is_submitted: bool = True
    is_approved: bool = True
    revision: str = ""  # what the next version changes, where there is one
    revised: int = 4  # so many days ago it was written
    is_revision_approved: bool = False
    reviewed: int = 0  # so many days ago somebody found it still right
    rewritten: tuple[tuple[str, str], ...] = ()  # words of it, and what stands in their place then


DOCUMENTS = (
    SampleDocument(
        "information-security-policy",
        410,
        revision="Figures go to the board each month, and the head of internal audit gets them, too.",
        revised=200,
        is_revision_approved=True,
        reviewed=41,
        rewritten=(
            (
                "reports them to the management board every quarter.",
                "reports them to the management board and to the head of internal audit every month.",
            ),
        ),
    ),
    SampleDocument(
        "acceptable-use-policy",
        395,
        revision="Says which assistants of artificial intelligence may be used, and asks for updates within a day.",
        rewritten=(
            ("[three working days]", "[one working day]"),
            (
                "## Own devices\n",
                ASSISTANTS,
            ),
        ),
    ),
    SampleDocument("access-control-policy", 340),
    SampleDocument("incident-response-plan", 290),
    SampleDocument("ransomware-playbook", 120),
    SampleDocument("supplier-security-policy", 6, is_approved=False),
    SampleDocument("cryptography-policy", 2, is_submitted=False, is_approved=False),
)


def sample_documents(context: SampleContext) -> None:
    """Write the documents, each at its time, and let them be approved as far as they have come."""
    texts = {text.key: text for text in starting_texts()}
    for sample in DOCUMENTS:
        _document(context, sample, texts[sample.key])


def _document(context: SampleContext, sample: SampleDocument, text: StartingText) -> None:
    writer, decider = context.person(WRITER), context.person(DECIDER)
    begun = context.now - timedelta(days=sample.days)
    document = document_create(
        actor=writer,
        now=begun,
        type=text.type,
        title=text.title,
        unit=next(unit for unit in context.units.values() if unit.parent_id is None),
        owner=writer,
        body=text.body_for(context.organisation.name),
    )
    if sample.is_submitted:
        document = _step(document, "submit", writer, begun + timedelta(hours=2))
    if sample.is_approved:
        _approve(document, decider, begun + timedelta(days=1))
    if sample.revision:
        _revise(document, sample, writer, decider, context.now - timedelta(days=sample.revised))
    if sample.reviewed:
        document = Document.objects.get(pk=document.pk)
        document_review(
            document=document,
            outcome=ReviewOutcome.STILL_RIGHT,
            reason="Read with the heads of operations and of development: roles and classes are as they were.",
            actor=writer,
            now=context.now - timedelta(days=sample.reviewed),
            version=document.version,
        )


def _step(document: Document, name: str, actor: User, at: datetime) -> Document:
    apply_transition(record=document, name=name, actor=actor, now=at)
    return Document.objects.get(pk=document.pk)


def _approve(document: Document, decider: User, at: datetime) -> None:
    request = latest_request(document)
    assert request is not None, "it was submitted"
    open_and_decide(request=request, actor=decider, now=at)
    notices_cancel(record_id=document.pk)  # what was told along the way was read long ago
    announcements_settle(document=document, now=at)


def _revise(document: Document, sample: SampleDocument, writer: User, decider: User, at: datetime) -> None:
    document = _step(Document.objects.get(pk=document.pk), "revise", writer, at)
    draft = coming_of(document)
    assert draft is not None, "a revision was begun"
    body = draft.body
    for words, others in sample.rewritten:
        assert words in body, f"the text says nothing of {words!r}"
        body = body.replace(words, others)
    draft_write(
        document=document,
        changes={"summary": sample.revision, "body": body},
        is_material=False,
        actor=writer,
        now=at,
        revision=draft.revision,
    )
    if sample.is_revision_approved:
        document = _step(
            Document.objects.get(pk=document.pk), "submit_revision", writer, at + timedelta(hours=3)
        )
        _approve(document, decider, at + timedelta(days=2))
