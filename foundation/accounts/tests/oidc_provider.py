"""An OpenID Connect provider on loopback: discovery, code flow with PKCE, signed claims (OpenID Connect Core 1.0, 3.1).

It speaks HTTP like any other and checks what a provider must: client, redirect address, code (once), verifier.
"""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT_ID = "ciso-portal"
CLIENT_SECRET = "a-secret-between-the-two"
RETURN_PATH = "/account/oidc/return/"


class Provider(ThreadingHTTPServer):
    """The server, who is signed in there, and the codes given out."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.claims: dict[str, Any] = {}
        self.told: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: dict[str, dict[str, Any]] = {}
        self.audience = CLIENT_ID
        self.asked: dict[str, str] = {}

    def sign_in(self, **claims: Any) -> None:
        """Let whoever comes next be this person; `told` overrides what the userinfo endpoint says."""
        self.told = claims.pop("told", {})
        self.claims = claims

    def id_token(self, asked: dict[str, str]) -> str:
        """Return the signed claims; who asked with `max_age` is told when the person signed in (None: is not told)."""
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": self.audience, "iat": now, "exp": now + 60}
        if "max_age" in asked:
            claims["auth_time"] = now
        claims = {name: value for name, value in {**claims, **self.claims}.items() if value is not None}
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "one"})


class Handler(BaseHTTPRequestHandler):
    """The provider's endpoints."""

    server: Provider

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer discovery, keys, authorization and userinfo."""
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/.well-known/openid-configuration":
            self._json(self._configuration())
        elif parts.path == "/keys":
            key = json.loads(RSAAlgorithm.to_jwk(self.server.key.public_key()))
            self._json({"keys": [{**key, "kid": "one", "use": "sig", "alg": "RS256"}]})
        elif parts.path == "/authorize":
            self._authorize(query)
        elif parts.path == "/userinfo":
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            known = self.server.tokens.get(token)
            self._json(known or {"error": "invalid_token"}, 200 if known else 401)
        else:
            self._json({}, 404)

    def do_POST(self) -> None:
        """Give tokens for a code."""
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        data = {name: values[0] for name, values in parse_qs(sent).items()}
        asked = self.server.codes.pop(data.get("code", ""), None)
        verifier = hashlib.sha256(data.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if (
            asked is None
            or (data.get("client_id"), data.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET)
            or data.get("redirect_uri") != asked["redirect_uri"]
            or challenge != asked["code_challenge"]
        ):
            self._json({"error": "invalid_grant"}, 400)
            return
        token = secrets.token_urlsafe()
        self.server.tokens[token] = {**self.server.claims, **self.server.told}
        self._json({"access_token": token, "token_type": "Bearer", "id_token": self.server.id_token(asked)})

    def _configuration(self) -> dict[str, Any]:
        issuer = self.server.issuer
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def _authorize(self, query: dict[str, str]) -> None:
        self.server.asked = query
        back = query.get("redirect_uri", "")
        if query.get("client_id") != CLIENT_ID or urlsplit(back).path != RETURN_PATH:
            self._json({"error": "invalid_request"}, 400)
            return
        if not self.server.claims:
            answer = {"error": "access_denied", "state": query["state"]}
        else:
            code = secrets.token_urlsafe()
            self.server.codes[code] = query
            answer = {"code": code, "state": query["state"]}
        self.send_response(302)
        self.send_header("Location", f"{back}?{urlencode(answer)}")
        self.end_headers()

    def _json(self, data: Any, status: int = 200) -> None:
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def running_provider() -> Iterator[Provider]:
    """Run a provider for the block."""
    server = Provider()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
