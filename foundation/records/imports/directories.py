"""Finding people and units by what an author of a table writes."""

import difflib
import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext as _

from foundation.accounts.models import BusinessUnit, User
from foundation.records.imports.cells import CellError


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


class _Suggestions:
    """The nearest known name to one that is unknown. Comparing is slow, so it is done for the first hundred only."""

    def __init__(self, known: Iterable[str], most: int = 100) -> None:
        self._known = {_plain(name): name for name in known}
        self._left = most
        self._found: dict[str, str] = {}

    def sentence(self, sentence: str, name: str) -> str:
        """Return the sentence, with the nearest known name when one is near."""
        plain = _plain(name[:80])
        if plain not in self._found and self._left > 0:
            self._left -= 1
            close = difflib.get_close_matches(plain, self._known, n=1, cutoff=0.75)
            self._found[plain] = self._known[close[0]] if close else ""
        if nearest := self._found.get(plain):
            return _("%(sentence)s; did you mean “%(name)s”?") % {"sentence": sentence, "name": nearest}
        return f"{sentence}."


class People:
    """All people with an account, found by e-mail address or by their exact full name. One query."""

    def __init__(self) -> None:
        self._by_email: dict[str, User] = {}
        self._by_name: dict[str, list[User]] = {}
        for user in User.objects.only("id", "email", "full_name", "is_active", "unit_id", "manager_id"):
            self._by_email[user.email.casefold()] = user
            self._by_name.setdefault(_plain(user.full_name), []).append(user)
        self._emails = _Suggestions(self._by_email)
        self._names = _Suggestions(users[0].full_name for users in self._by_name.values())

    def find(self, name: str) -> User:
        """Return the person; raise CellError when nobody or several are called so, or the person has left."""
        if "@" in name:
            user = self._by_email.get(name.casefold())
            if user is None:
                raise CellError(self._unknown(name, self._emails))
            if not user.is_active:
                raise CellError(_("%(name)s has left: the account is closed.") % {"name": name})
            return user
        namesakes = self._by_name.get(_plain(name), [])
        active = [user for user in namesakes if user.is_active]
        if len(active) == 1:
            return active[0]
        if active:
            raise CellError(
                _("%(count)s people are called “%(name)s”. Write the e-mail address: %(emails)s.")
                % {"count": len(active), "name": name, "emails": ", ".join(user.email for user in active)}
            )
        if namesakes:
            raise CellError(_("%(name)s has left: the account is closed.") % {"name": name})
        raise CellError(self._unknown(name, self._names))

    def _unknown(self, name: str, known: _Suggestions) -> str:
        return known.sentence(_("Nobody called “%(name)s” has an account") % {"name": name[:80]}, name)


class Units:
    """All business units, found by code or by exact name. One query."""

    def __init__(self) -> None:
        self._by_code: dict[str, BusinessUnit] = {}
        self._by_name: dict[str, list[BusinessUnit]] = {}
        for unit in BusinessUnit.objects.all():
            self._by_code[_plain(unit.code)] = unit
            self._by_name.setdefault(_plain(unit.name), []).append(unit)
        self._names = _Suggestions(name for unit in self._by_code.values() for name in (unit.code, unit.name))

    def find(self, name: str) -> BusinessUnit:
        """Return the unit; raise CellError when none or several are called so."""
        if unit := self._by_code.get(_plain(name)):
            return unit
        namesakes = self._by_name.get(_plain(name), [])
        if len(namesakes) == 1:
            return namesakes[0]
        if namesakes:
            raise CellError(
                _("%(count)s units are called “%(name)s”. Write the code: %(codes)s.")
                % {"count": len(namesakes), "name": name, "codes": ", ".join(unit.code for unit in namesakes)}
            )
        raise CellError(self._names.sentence(_("There is no unit “%(name)s”") % {"name": name[:80]}, name))
