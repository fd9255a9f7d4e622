"""The append-only evidence: what was done, when, by whom, and the seals that prove it unchanged.

Entries, seals and checkpoints refuse UPDATE, DELETE and TRUNCATE from everyone: triggers of migration 0002_guards see
to it, written in plain SQL, since those of pgtrigger can be switched off by a setting of any session.
"""

from django.contrib.postgres.functions import TransactionNow
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

WORDS_CONFIG = "simple"
"""How words are taken apart for the text filter: as they stand, since the trail is in no one language."""


class Entry(models.Model):
    """One fact, written in the transaction that made it true.

    Plain values only: the entry outlives what it speaks of. `at` is the database's clock (UTC) at the start of the
    transaction, which a writer can't choose: a trigger sets it. Numbers are given when a row is written, so an entry of
    a long transaction may become visible after entries with higher numbers. `words` serves the text filter; readers who
    don't search leave it in the database (`defer`).
    """

    at = models.DateTimeField(_("at"), db_default=TransactionNow(), editable=False)
    action = models.CharField(_("action"), max_length=100)
    actor_id = models.BigIntegerField(_("actor's number"), null=True)
    actor_name = models.CharField(_("actor"), max_length=200, blank=True)
    record_id = models.BigIntegerField(_("record's number"), null=True)
    record_kind = models.CharField(_("kind of record"), max_length=50, blank=True)
    record_reference = models.CharField(_("record"), max_length=40, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    before = models.JSONField(_("before"), default=dict, blank=True)
    after = models.JSONField(_("after"), default=dict, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    ip_address = models.GenericIPAddressField(_("IP address"), null=True)
    request_id = models.CharField(_("request"), max_length=36, blank=True)
    words = models.GeneratedField(
        expression=SearchVector("subject", "comment", "actor_name", "record_reference", config=WORDS_CONFIG),
        output_field=SearchVectorField(),
        db_persist=True,
        verbose_name=_("words"),
    )

    class Meta:
        verbose_name = _("trail entry")
        verbose_name_plural = _("trail entries")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="trail_entry_at"),
            models.Index(fields=["record_id", "-at", "-id"], name="trail_entry_record"),
            models.Index(fields=["action", "-at", "-id"], name="trail_entry_action"),
            models.Index(fields=["actor_id", "-at", "-id"], name="trail_entry_actor"),
            GinIndex(fields=["words"], name="trail_entry_words"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.record_reference}".strip()


class Waiting(models.Model):
    """An entry that no seal fixes yet. Written by a trigger with the entry, removed by the sealing.

    Thanks to it finding the unsealed costs what is unsealed, however long the trail and however late a transaction
    commits. It proves nothing: `verify_trail` looks at the entries and the seals themselves.
    """

    entry_id = models.BigIntegerField(_("entry"), primary_key=True)

    class Meta:
        verbose_name = _("waiting entry")
        verbose_name_plural = _("waiting entries")

    def __str__(self) -> str:
        return str(self.entry_id)


class Seal(models.Model):
    """A link of the hash chain: it fixes one entry's content and its place after the link before.

    `entry_id` is a plain number, so that a seal still names an entry that was removed.
    """

    position = models.BigIntegerField(_("position"), primary_key=True)
    entry_id = models.BigIntegerField(_("entry"), unique=True)
    entry_digest = models.CharField(_("entry's SHA-256"), max_length=64)
    chain_digest = models.CharField(_("chain's SHA-256"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed at"), db_default=TransactionNow(), editable=False)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")

    def __str__(self) -> str:
        return f"{self.position}: {self.chain_digest[:12]}"


class Checkpoint(models.Model):
    """A signed statement of how long the chain was, and its digest then; copies leave the database.

    Signed only when nothing waited, so whatever was committed before `signed_at` stands at `position` or before.
    """

    position = models.BigIntegerField(_("position"))
    entry_id = models.BigIntegerField(_("last entry"))
    chain_digest = models.CharField(_("chain's SHA-256"), max_length=64)
    signed_at = models.DateTimeField(_("signed at"))
    key_fingerprint = models.CharField(_("key"), max_length=64)
    signature = models.CharField(_("Ed25519 signature"), max_length=200)

    class Meta:
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        ordering = ["-id"]
        indexes = [models.Index(fields=["position"], name="trail_checkpoint_position")]

    def __str__(self) -> str:
        return f"{self.position} at {self.signed_at:%Y-%m-%d %H:%M}"
