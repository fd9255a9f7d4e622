"""The append-only evidence: what was done, when, by whom, and the seals that prove it unchanged."""

import pgtrigger
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


def append_only(table: str) -> list[pgtrigger.Trigger]:
    """Return the triggers that make a table refuse every change but INSERT, whoever asks."""
    return [
        pgtrigger.Protect(name=f"{table}_keep_rows", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name=f"{table}_keep_table",
            operation=pgtrigger.Truncate,
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            func=f"RAISE EXCEPTION '{table} is append-only';",
        ),
    ]


class Entry(models.Model):
    """One fact, written in the transaction that made it true.

    Plain values only: the entry outlives what it speaks of. `at` is the database's clock (UTC) at the start of the
    transaction, which a writer can't choose.
    """

    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
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

    class Meta:
        verbose_name = _("trail entry")
        verbose_name_plural = _("trail entries")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["record_id", "-id"], name="trail_entry_record"),
            models.Index(fields=["action", "-id"], name="trail_entry_action"),
            models.Index(fields=["actor_id", "-id"], name="trail_entry_actor"),
            models.Index(fields=["at"], name="trail_entry_at"),
        ]
        triggers = append_only("trail_entry")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.record_reference}".strip()


class Seal(models.Model):
    """A link of the hash chain: it fixes one entry's content and its place after the link before.

    `entry_id` is a plain number, so that a seal still names an entry that was removed.
    """

    position = models.BigIntegerField(_("position"), primary_key=True)
    entry_id = models.BigIntegerField(_("entry"), unique=True)
    entry_digest = models.CharField(_("entry's SHA-256"), max_length=64)
    chain_digest = models.CharField(_("chain's SHA-256"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        triggers = append_only("trail_seal")

    def __str__(self) -> str:
        return f"{self.position}: {self.chain_digest[:12]}"


class Checkpoint(models.Model):
    """A signed statement of how long the chain was, and its digest then; copies leave the database."""

    position = models.BigIntegerField(_("position"), unique=True)
    chain_digest = models.CharField(_("chain's SHA-256"), max_length=64)
    signature = models.CharField(_("Ed25519 signature"), max_length=200)
    key_fingerprint = models.CharField(_("key"), max_length=64)
    signed_at = models.DateTimeField(_("signed at"))

    class Meta:
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        triggers = append_only("trail_checkpoint")

    def __str__(self) -> str:
        return f"{self.position} at {self.signed_at:%Y-%m-%d %H:%M}"
