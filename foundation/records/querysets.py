"""Which records: adjectives that chain, shared by lists, counts, exports and look-ups of every kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import BooleanField, Case, Expression, F, JSONField, Q, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from foundation.accounts.access import Access, access_of
from foundation.records.choices import Confidentiality
from foundation.records.written import Written
from foundation.registry import ParticipantRole, RecordKind, registry

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


@dataclass(frozen=True)
class _Ground:
    """One ground, as a condition on RECORD_COLUMNS."""

    sql: str
    values: tuple[Any, ...]


RECORD_COLUMNS = ("pk", "owner_id", "unit_id", "confidentiality")
OWNER = "{owner_id} = %s"
PARTICIPANT = "{pk} IN (SELECT record_id FROM records_participant WHERE user_id = %s)"
# The same, for a query that asks it alone: PostgreSQL looks the few keys up, whereas it believes a subquery to be long and
# walks all rows for it.
PARTICIPANT_ALONE = "{pk} = ANY (ARRAY(SELECT record_id FROM records_participant WHERE user_id = %s))"
PLAYS = (
    "EXISTS (SELECT 1 FROM records_participant WHERE record_id = {record} AND user_id = %s AND role = {role})"
)
PARTS = """jsonb_build_object('user', %s::bigint, 'parts', (
    SELECT coalesce(jsonb_agg(role), '[]') FROM records_participant WHERE record_id = {pk} AND user_id = %s
))"""
EVERYWHERE = "{confidentiality} = %s"
NOT_WITHHELD = "{pk} NOT IN (SELECT record_id FROM records_withheld WHERE user_id = %s)"
# The fact that there are records that a person's rights and parts don't open.
HAS_WITHHELD = "records.withheld"
# The fact that a person stands in for others on the day.
STANDS_IN = "records.stands_in"
IN_PLACE = """{pk} IN (
    SELECT own.id FROM accounts_delegation AS held
    JOIN accounts_user AS away ON away.id = held.person_id AND away.is_active
    JOIN records_record AS own ON own.owner_id = held.person_id
    WHERE held.stand_in_id = %s AND held.starts_on <= %s AND held.ends_on >= %s
        AND own.kind = %s AND own.state <> ALL (%s) AND own.confidentiality = %s
)"""
IN_UNITS = "({confidentiality} = %s AND {unit_id} IN %s)"


def _known(prefix: str, grounds: tuple[_Ground, ...], key: str = RECORD_COLUMNS[0]) -> Q:
    """Return that a record fulfils any of some grounds, on which a person may know of it."""
    sql, values = _condition(grounds, [f"{{{name}}}" for name in RECORD_COLUMNS])
    paths = (key, *RECORD_COLUMNS[1:])
    columns = {name: f"{prefix}{path}" for name, path in zip(RECORD_COLUMNS, paths, strict=True)}
    return Q(Written(sql, columns, values, output_field=BooleanField()))


def _condition(grounds: tuple[_Ground, ...], columns: Sequence[str]) -> tuple[str, tuple[Any, ...]]:
    names = dict(zip(RECORD_COLUMNS, columns, strict=True))
    sql = " OR ".join(ground.sql.format_map(names) for ground in grounds)
    return f"({sql})", tuple(value for ground in grounds for value in ground.values)


def _grounds_of(user: AnyUser) -> tuple[_Ground, ...]:
    """Return the grounds on which a person may know of a record; none when there is no record that the person may not.

    Only of whom records are withheld is that asked: for nearly everyone nothing is added to what a page asks.
    """
    access = access_of(user)
    scope = access.scope("records.view")
    restricted = access.scope("records.view_restricted")
    person = (user.pk or 0,)  # whoever is signed out owns nothing and is named in nothing
    is_kept = HAS_WITHHELD in access.facts
    if scope.everywhere and restricted.everywhere:
        everything = (_Ground(OWNER, person), _Ground(NOT_WITHHELD, person), *_in_place(access))
        return everything if is_kept else ()
    grounds = [_Ground(PARTICIPANT, person)]
    for where, confidentiality in (
        (scope, Confidentiality.INTERNAL),
        (restricted, Confidentiality.RESTRICTED),
    ):
        if where.everywhere:
            grounds.append(_Ground(EVERYWHERE, (confidentiality.value,)))
        elif where.unit_ids:
            units = tuple(sorted(where.unit_ids))  # which the driver writes as a list of values
            grounds.append(_Ground(IN_UNITS, (confidentiality.value, units)))
    if is_kept:
        grounds = [_Ground(f"({one.sql} AND {NOT_WITHHELD})", (*one.values, *person)) for one in grounds]
    return (_Ground(OWNER, person), *grounds, *_in_place(access))


def _in_place(access: Access) -> tuple[_Ground, ...]:
    """Return the grounds of who stands in for owners on the day: also what is withheld from the stand-in otherwise."""
    if STANDS_IN not in access.facts:
        return ()
    on, internal = access.on, Confidentiality.INTERNAL.value
    return tuple(
        _Ground(IN_PLACE, (access.user_id, on, on, kind.key, sorted(kind.final_states), internal))
        for kind in registry.all(RecordKind)
        if kind.stand_ins_see
    )


def visibility_grounds(user: AnyUser, prefix: str = "") -> tuple[Q, ...]:
    """Return the grounds on which a person may know of a record; any one is enough. `prefix` reaches it from another table.

    A right for the record's unit opens what is not restricted; being the owner or named in it opens it in any case. What is
    withheld from the person (`Withheld`) opens to its owner alone, and to who stands in for the owner where the kind lets them.
    Each ground is one that an index serves, which their disjunction is not: a long list reads them one by one.
    """
    return tuple(_known(prefix, (_alone(ground),)) for ground in _grounds_of(user)) or (Q(),)


def _alone(ground: _Ground) -> _Ground:
    return _Ground(ground.sql.replace(PARTICIPANT, PARTICIPANT_ALONE), ground.values)


def visible_records(user: AnyUser, prefix: str = "", *, key: str = RECORD_COLUMNS[0]) -> Q:
    """Return the condition under which a person may know of a record: on any of the grounds.

    `key` names the column that holds the record's key in a table that has copies of the others.
    """
    grounds = _grounds_of(user)
    return _known(prefix, grounds, key) if grounds else Q()


def visible_sources(user: AnyUser, key: str) -> Q:
    """Return the same condition for what rows follow from, whose unit and confidentiality they share, but not its owner.

    `key` names the column that holds the key of that. A join to long tables is spared.
    """
    grounds = tuple(ground for ground in _grounds_of(user) if ground.sql != OWNER)
    if not grounds:
        return Q()
    owned = Q(**{f"{key}__in": RawSQL("SELECT id FROM records_record WHERE owner_id = %s", (user.pk or 0,))})
    return _known("", grounds, key) | owned


def visible_sql(user: AnyUser, table: str, *, key: str = "id") -> tuple[str, tuple[Any, ...]]:
    """Return the same condition as SQL with its values, on a table of records by its name in the statement.

    `key` names the column that holds the record's key in a table that has copies of the others.

    For the few statements that are written by hand; everything else filters by `visible_to()` or `visible_records()`.
    """
    grounds = _grounds_of(user)
    if not grounds:
        return "TRUE", ()
    return _condition(grounds, [f"{table}.{name}" for name in (key, *RECORD_COLUMNS[1:])])


def known_value(user: AnyUser, prefix: str, name: str) -> Expression:
    """Return a field of a record that `prefix` reaches, or nothing where the person may not know of that or there is none."""
    seen, value = visible_records(user, prefix), F(f"{prefix}{name}")
    return Case(When(seen, then=value), default=Value("")) if seen else Coalesce(value, Value(""))


def counted_parts(user: AnyUser, record: Any) -> dict[str, models.QuerySet[Any]]:
    """Return, by role, a record if a person counts there as one who plays it without being named, else none.

    `record` is the expression of the record's key.
    """
    return {
        role.key: role.counted(user).filter(pk=record)
        for role in registry.all(ParticipantRole)
        if role.counted is not None
    }


def kept_sql(user: AnyUser, *, role: str, record: str) -> tuple[str, tuple[Any, ...]]:
    """Return, as SQL with its values, that what is kept from a part in a record is kept from a person; both by their columns."""
    conditions = [PLAYS.format(record=record, role=role)]
    values: list[Any] = [user.pk or 0]
    for part in registry.all(ParticipantRole):
        if part.counted is not None:
            this = RawSQL(record, ())  # noqa: S611 - the name of a column
            records = part.counted(user).filter(pk=this).order_by().values("pk")
            sql, of_records = records.query.sql_with_params()
            conditions.append(f"({role} = %s AND EXISTS ({sql}))")
            values += [part.key, *of_records]
    return f"({' OR '.join(conditions)})", tuple(values)


class RecordQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Records, or records of one kind."""

    def visible_to(self, user: AnyUser) -> Self:
        """Keep what the person may know of: the only way for a view to reach a record."""
        return self.filter(visible_records(user))

    def with_parts_of(self, user: AnyUser) -> Self:
        """Add the parts that the person plays in each: `playing.parts_played()` then asks nothing."""
        read = Written(PARTS, {"pk": "pk"}, (user.pk or 0, user.pk or 0), output_field=JSONField())
        return self.annotate(parts_read=read)

    def unarchived(self) -> Self:
        """Leave out what was archived."""
        return self.filter(archived_at__isnull=True)


class ListingQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Records of one kind as lists show them: the same adjectives, on the narrow copies (`listings.RecordListing`)."""

    def visible_to(self, user: AnyUser) -> Self:
        """Keep what the person may know of, by the same rule as the records themselves."""
        return self.filter(visible_records(user))

    def unarchived(self) -> Self:
        """Leave out what was archived."""
        return self.filter(is_archived=False)

    def containing(self, text: str) -> Self:
        """Keep those whose title or reference contains a text, in whatever case."""
        return self.filter(needle__contains=text.strip().lower())
