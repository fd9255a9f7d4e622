"""People, business units, roles granted, and the organisation itself."""

from typing import Any, ClassVar

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from foundation.accounts.choices import LinkPurpose, Role
from foundation.accounts.validators import validate_base_url, validate_time_zone


class Organisation(models.Model):
    """The one organisation that this portal serves: its name, clock, currency and address."""

    name = models.CharField(_("name"), max_length=200)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="EUR",
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Use a code such as EUR."))],
    )
    base_url = models.CharField(
        _("base URL"),
        max_length=200,
        blank=True,
        validators=[validate_base_url],
        help_text=_("The address that links in e-mails start with, such as https://portal.example.com."),
    )
    reminder_hour = models.PositiveSmallIntegerField(
        _("reminder hour"),
        default=7,
        help_text=_("The hour of the day, in the organisation's time zone, at which reminders fall due."),
    )
    mfa_roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices),
        default=list,
        blank=True,
        verbose_name=_("second factor demanded of"),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisation")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="organisation_is_single"),
            models.CheckConstraint(
                condition=models.Q(reminder_hour__lte=23), name="organisation_reminder_hour"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SetupCode(models.Model):
    """The one-time code that proves, at the first visit, that a person owns the machine. Only its digest is kept."""

    digest = models.CharField(_("SHA-256"), max_length=64)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    failures = models.PositiveSmallIntegerField(_("wrong tries"), default=0)

    class Meta:
        verbose_name = _("set-up code")
        verbose_name_plural = _("set-up codes")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="setup_code_is_single")]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"


class BusinessUnit(models.Model):
    """A part of the organisation. `path` holds the ids from the root to this unit (`1/4/`), so a subtree is a prefix."""

    name = models.CharField(_("name"), max_length=200)
    code = models.CharField(_("code"), max_length=20, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    path = models.CharField(_("path"), max_length=400, unique=True, editable=False)
    country = models.CharField(_("country"), max_length=2, blank=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("business unit")
        verbose_name_plural = _("business units")
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name

    @property
    def depth(self) -> int:
        """Return how many units stand above this one."""
        return self.path.count("/") - 1

    @property
    def above_ids(self) -> list[int]:
        """Return the ids from the root to this unit, itself among them."""
        return [int(part) for part in self.path.split("/") if part]


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person; without a password, one that can't sign in yet."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the person with this e-mail address, in whatever case it is written."""
        return self.get(email__iexact=username)


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. Vendors' contacts have none."""

    email = models.EmailField(_("e-mail address"), unique=True)
    full_name = models.CharField(_("full name"), max_length=200)
    job_title = models.CharField(_("job title"), max_length=200, blank=True)
    unit = models.ForeignKey(
        BusinessUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("business unit"),
    )
    manager = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="reports", verbose_name=_("manager")
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        validators=[validate_time_zone],
        help_text=_("Empty: the organisation's."),
    )
    language = models.CharField(_("language"), max_length=10, default="en")
    is_active = models.BooleanField(_("active"), default=True)
    # Django's own flag. The admin site is opened by the right people.manage, and not by this.
    is_staff = models.BooleanField(_("may open the admin site"), default=False)
    date_joined = models.DateTimeField(_("joined at"), auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["full_name", "id"]
        indexes = [models.Index(fields=["full_name", "id"], name="user_by_name")]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message=_("This e-mail address is taken."),
            ),
            models.CheckConstraint(condition=~models.Q(manager=models.F("id")), name="user_not_own_manager"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        """Return the name, as Django's admin site asks for it."""
        return self.full_name

    def get_short_name(self) -> str:
        """Return the first part of the name."""
        return self.full_name.split(" ")[0]


class Session(models.Model):
    """A browser in which a person is signed in, or (without a person) someone is about to be.

    Read and written by `session_store.py`, which says what the dates mean.
    """

    session_key = models.CharField(_("SHA-256 of the key"), max_length=64, primary_key=True)
    data = models.TextField(_("data"))
    user = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="sessions", verbose_name=_("person")
    )
    ip_address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    user_agent = models.CharField(_("browser"), max_length=300, blank=True)
    opened_at = models.DateTimeField(_("signed in at"))
    last_seen_at = models.DateTimeField(_("last seen at"))
    expires_at = models.DateTimeField(_("over at"), db_index=True)
    # Written by `waiting.py` alone, never with the session's data.
    waiting = models.TextField(_("what waits for a confirmation"), default="", db_default="", blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self) -> str:
        return f"{self.opened_at:%Y-%m-%d %H:%M}"


@pghistory.track()
class RoleGrant(models.Model):
    """A role that a person holds from a day on, for the whole organisation (no unit) or for a unit and all below it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    unit = models.ForeignKey(
        BusinessUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="grants",
        verbose_name=_("for the unit"),
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The last day on which it holds.")
    )
    granted_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("granted by")
    )
    created_at = models.DateTimeField(_("granted at"), auto_now_add=True)

    class Meta:
        verbose_name = _("role grant")
        verbose_name_plural = _("role grants")
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "unit"], nulls_distinct=False, name="grant_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="grant_known_role"),
            models.CheckConstraint(
                condition=models.Q(starts_on__isnull=True)
                | models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="grant_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class OneTimeLink(models.Model):
    """A link in a mail that lets its reader do one thing once, without signing in. Only the token's digest is kept.

    It works until it is used, revoked or over, for the address that it was sent to.
    """

    purpose = models.CharField(_("what it is for"), max_length=20, choices=LinkPurpose.choices)
    digest = models.CharField(_("SHA-256"), max_length=64, unique=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="one_time_links", verbose_name=_("person"))
    email = models.EmailField(_("sent to"))
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("sent by")
    )
    created_at = models.DateTimeField(_("sent at"))
    expires_at = models.DateTimeField(_("works until"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("one-time link")
        verbose_name_plural = _("one-time links")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "purpose"],
                condition=models.Q(used_at__isnull=True, revoked_at__isnull=True),
                name="one_time_link_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(purpose__in=LinkPurpose.values), name="one_time_link_known_purpose"
            ),
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True) | models.Q(revoked_at__isnull=True),
                name="one_time_link_ended_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.user}"


@pghistory.track()
class Delegation(models.Model):
    """Who stands in for a person from a day until a day, both included: decides approvals for them, gets their reminders."""

    person = models.ForeignKey(User, models.CASCADE, related_name="delegations", verbose_name=_("person"))
    stand_in = models.ForeignKey(User, models.CASCADE, related_name="stands_in", verbose_name=_("stand-in"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("named by")
    )
    created_at = models.DateTimeField(_("named at"))

    class Meta:
        verbose_name = _("stand-in")
        verbose_name_plural = _("stand-ins")
        ordering = ["starts_on", "id"]
        indexes = [models.Index(fields=["stand_in", "ends_on"], name="delegation_of_stand_in")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(person=models.F("stand_in")), name="delegation_not_to_oneself"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="delegation_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.stand_in}"
