"""The Ed25519 keys that sign and verify checkpoints.

The private key comes from TRAIL_SIGNING_KEY (PEM, or base64 of its 32 bytes) or from the file that TRAIL_SIGNING_KEY_FILE
names; without them one is made at the first use, beside the checkpoints, readable by its owner only. The public key
of every key that ever signed here stays beside it, so that old checkpoints can be verified after a change of keys.
"""

import base64
import binascii
import hashlib
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

PRIVATE_NAME = "signing_key.pem"
PUBLIC_SUFFIX = ".pub.pem"
PublicKeys = dict[str, Ed25519PublicKey]
"""Public keys by fingerprint."""


class BadKey(Exception):
    """A key could not be read."""


def signing_key() -> Ed25519PrivateKey:
    """Return the key that signs checkpoints; make one at the first use where none is given.

    Raises ImproperlyConfigured when the key given can't be read.
    """
    given: bytes = settings.TRAIL_SIGNING_KEY.encode()
    try:
        if not given and settings.TRAIL_SIGNING_KEY_FILE:
            given = Path(settings.TRAIL_SIGNING_KEY_FILE).read_bytes()
        key = _private_key(given or _kept_key())
    except (BadKey, OSError) as error:
        raise ImproperlyConfigured(f"The trail's signing key can't be read: {error}") from error
    _keep_public_key(key.public_key())
    return key


def fingerprint(key: Ed25519PublicKey) -> str:
    """Return the SHA-256 of the public key's 32 bytes, in hexadecimal."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def public_keys(paths: Iterable[Path] = ()) -> PublicKeys:
    """Return the public keys in these PEM files; without any, all that are kept beside the checkpoints.

    Raises BadKey for a file that holds no Ed25519 public key, OSError for one that can't be opened.
    """
    chosen = list(paths) or sorted(_folder().glob(f"*{PUBLIC_SUFFIX}"))
    keys = (_public_key(path) for path in chosen)
    return {fingerprint(key): key for key in keys}


def _folder() -> Path:
    return Path(settings.TRAIL_CHECKPOINT_DIR)


def _private_key(given: bytes) -> Ed25519PrivateKey:
    try:
        if b"-----BEGIN" in given:
            # A PEM in one line of an environment file has its line ends written as \n.
            key = serialization.load_pem_private_key(given.replace(b"\\n", b"\n"), password=None)
        else:
            return Ed25519PrivateKey.from_private_bytes(base64.b64decode(given, validate=True))
    except (ValueError, TypeError, binascii.Error, UnsupportedAlgorithm) as error:
        raise BadKey(str(error)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey("it is not an Ed25519 private key.")
    return key


def _public_key(path: Path) -> Ed25519PublicKey:
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadKey(f"{path}: {error}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise BadKey(f"{path}: it is not an Ed25519 public key.")
    return key


def _kept_key() -> bytes:
    """Return the key of this installation, made once even when two processes ask at the same time."""
    path = _folder() / PRIVATE_NAME
    if not path.exists():
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        _write_once(path, pem, mode=0o600)
    return path.read_bytes()


def _keep_public_key(key: Ed25519PublicKey) -> None:
    path = _folder() / f"{fingerprint(key)[:16]}{PUBLIC_SUFFIX}"
    if not path.exists():
        pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        _write_once(path, pem, mode=0o644)


def _write_once(path: Path, content: bytes, *, mode: int) -> None:
    """Put a whole file in place; one that stands there already stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent)  # 0600 from the start
    half_done = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half_done.chmod(mode)
        with suppress(FileExistsError):
            os.link(half_done, path)
    finally:
        half_done.unlink()
