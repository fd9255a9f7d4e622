"""What the database keeps and must not be able to read: encrypted under SECRET_KEY, which it does not hold.

A copy of the database alone opens nothing of it. Each purpose has a key of its own, derived from SECRET_KEY (HKDF,
RFC 5869); what an earlier key in SECRET_KEY_FALLBACKS closed, is still opened.
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class SealBrokenError(Exception):
    """It was sealed under another key or for another purpose, or was changed since."""


def seal(text: str, *, purpose: str) -> str:
    """Return the text as it may be kept."""
    return _keys(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Return the text that was sealed for this purpose; raise SealBrokenError for any other."""
    try:
        return _keys(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBrokenError from error


def _keys(purpose: str) -> MultiFernet:
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_key_of(str(secret), purpose)) for secret in secrets])


def _key_of(secret: str, purpose: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode())
    return urlsafe_b64encode(derived.derive(secret.encode()))
