"""What is signed of a pack as a whole, with the key that signs the trail."""

import base64
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from foundation.trail.digests import canonical
from foundation.trail.keys import fingerprint, signing_key

PURPOSE = "ciso-portal evidence pack 1"
"""Part of what is signed, so that the signature serves nothing else."""


def statement(said: dict[str, Any]) -> bytes:
    """Return what is said of a pack as a line of JSON that the portal's key signed."""
    key = signing_key()
    values = {**said, "key_fingerprint": fingerprint(key.public_key())}
    signature = key.sign(canonical({**values, "purpose": PURPOSE}))
    return canonical({**values, "signature": base64.b64encode(signature).decode()}) + b"\n"


def public_key() -> Ed25519PublicKey:
    """Return the key that packs are checked with."""
    return signing_key().public_key()


def key_fingerprint() -> str:
    """Return the fingerprint of that key, for people to compare."""
    return fingerprint(public_key())


def pem_of(key: Ed25519PublicKey) -> bytes:
    """Return a public key in PEM."""
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
