"""What django-allauth is told of the organisation's identity provider. Settings import this; it knows no models."""

from typing import Any

PROVIDER_ID = "oidc"


def provider_settings(*, issuer: str, client_id: str, secret: str, name: str) -> dict[str, Any]:
    """Return SOCIALACCOUNT_PROVIDERS for one provider, or none where no issuer is named."""
    app = {
        "provider_id": PROVIDER_ID,
        "name": name,
        "client_id": client_id,
        "secret": secret,
        "settings": {"server_url": issuer.rstrip("/"), "fetch_userinfo": True},
    }
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app] if issuer else []}}
