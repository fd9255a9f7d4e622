"""Passkeys, as whoever sends nonsense meets them; the browser's tests use real ones."""

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from foundation.accounts.tests.test_second_factor import is_in, type_password
from foundation.testing.cast import Cast

PARTS: dict[str, Any] = {
    "clientDataJSON": "e30",
    "authenticatorData": "AA",
    "signature": "AA",
    "userHandle": "MQ",
}
NONSENSE = [
    "",
    "{",
    "null",
    "1",
    "[]",
    '"x"',
    "{}",
    json.dumps({"id": 1}),
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": None}),
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": []}),
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": PARTS}),
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {**PARTS, "userHandle": None}}),
    json.dumps({"id": "é", "rawId": "é", "type": "public-key", "response": {**PARTS, "userHandle": "é"}}),
    json.dumps({"id": "AA", "rawId": "AA", "response": {"clientDataJSON": "e30", "attestationObject": "oA"}}),
    json.dumps({"response": {"clientDataJSON": "e30", "attestationObject": "//8"}, "rawId": "AA"}),
    "[" * 5000,
    '"' + "x" * 50_000 + '"',
]


@pytest.mark.parametrize("credential", NONSENSE)
def test_nonsense_signs_nobody_in(cast: Cast, credential: str) -> None:
    client = Client()
    assert client.get("/account/passkey/").json()["publicKey"]["userVerification"] == "required"
    answer = client.post("/account/passkey/", {"credential": credential}, follow=True)
    assert "opens no account here" in answer.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize("credential", NONSENSE)
def test_nonsense_makes_no_passkey(cast: Cast, credential: str) -> None:
    client, _answer = type_password(cast.auditor)
    client.get("/account/passkeys/new/")
    answer = client.post("/account/passkeys/new/", {"name": "x", "credential": credential})
    assert answer.status_code == 200
    assert not Authenticator.objects.exists()


def test_a_flood_of_passkeys_is_stopped(client: Client, cast: Cast) -> None:
    answers = {client.post("/account/passkey/", {"credential": "{}"}).status_code for _attempt in range(12)}
    assert answers == {302, 429}


def test_nobody_takes_another_persons_passkey(cast: Cast) -> None:
    key = Authenticator.objects.create(user=cast.ciso, type=Authenticator.Type.WEBAUTHN, data={"name": "Key"})
    client, _answer = type_password(cast.auditor)
    assert client.post(f"/account/passkeys/{key.pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()
