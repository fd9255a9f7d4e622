"""Small OSCAL catalogues for tests, in words of our own."""

import json
from typing import Any

UUID = "6f1c2a34-5b6d-4e7f-8a9b-0c1d2e3f4a5b"
OTHER_UUID = "7a1c2a34-5b6d-4e7f-8a9b-0c1d2e3f4a5b"


def control(key: str, title: str = "Watch", prose: str = "Keep watch.", **more: Any) -> dict[str, Any]:
    parts = [{"id": f"{key}_smt", "name": "statement", "prose": prose}]
    return {
        "id": key,
        "title": title,
        "props": [{"name": "label", "value": key.upper()}],
        "parts": parts,
        **more,
    }


def group(key: str, *controls: dict[str, Any], title: str = "Harbour", **more: Any) -> dict[str, Any]:
    return {"id": key, "title": title, "controls": list(controls), **more}


def catalog(*groups: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the catalogue that holds these groups, or one of two controls."""
    metadata = {
        "title": "Harbour baseline",
        "last-modified": "2026-05-04T10:00:00Z",
        "version": "1.0",
        "oscal-version": "1.1.2",
        **more.pop("metadata", {}),
    }
    given = list(groups) or [group("hb", control("hb-1"), control("hb-2", "Log", "Write the log."))]
    return {"catalog": {"uuid": UUID, "metadata": metadata, "groups": given, **more}}


def content(*groups: dict[str, Any], **more: Any) -> bytes:
    return json.dumps(catalog(*groups, **more)).encode()
