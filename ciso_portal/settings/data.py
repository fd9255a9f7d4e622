"""Where things are kept: database, history, trail, cache, files."""

from pathlib import Path
from typing import Any

from ciso_portal.settings.base import BASE_DIR, PRODUCTION, VAR_DIR, env

# Two roles on one database: the portal runs as the first, which may not touch the trail's past;
# migrations run as the second, which owns the tables (`migrate --database owner`).
_DATABASE = env.db_url("DATABASE_URL", default="postgres://ciso_app@127.0.0.1:5432/ciso_portal")
_OWNER = (
    env.db_url("DATABASE_OWNER_URL", default="") if env.str("DATABASE_OWNER_URL", default="") else _DATABASE
)
DATABASES: dict[str, dict[str, Any]] = {
    "default": {**_DATABASE, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False},
    "owner": {**_OWNER, "CONN_MAX_AGE": 0},
}
DATABASE_ROUTERS = ["foundation.trail.routers.OneDatabaseRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "foundation.accounts.steady_cache.SteadyRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1.0},
    }
}

# The field-level history keeps who asked for it with each change.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

# Checkpoints of the trail, signed with this key (PEM, or base64 of 32 bytes); without one, a key is made there.
TRAIL_CHECKPOINT_DIR = Path(env.str("TRAIL_CHECKPOINT_DIR", default=str(VAR_DIR / "trail")))
TRAIL_SIGNING_KEY = env.str("TRAIL_SIGNING_KEY", default="")
TRAIL_SIGNING_KEY_FILE = env.str("TRAIL_SIGNING_KEY_FILE", default="")

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# In production collected by `prepare`, before the portal starts; elsewhere served from where they are.
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None
WHITENOISE_USE_FINDERS = not PRODUCTION
# In production names carry a hash of what is in the file, so that browsers keep them for good.
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Files on records lie under random names in a folder that nothing serves.
FILES_ROOT = Path(env.str("FILES_ROOT", default=str(VAR_DIR / "files")))
FILES_MAX_BYTES = env.int("FILES_MAX_MB", default=25) * 1024 * 1024
STORAGES["files"] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {
        "location": FILES_ROOT,
        "allow_overwrite": True,  # names are random; a picture of a page that two people draw is the same
        "file_permissions_mode": 0o600,
        "directory_permissions_mode": 0o700,
    },
}
if _BUCKET := env.str("FILES_S3_BUCKET", default=""):
    # The key and its secret are read by boto3 itself (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, or the machine's role).
    STORAGES["files"] = {
        "BACKEND": "foundation.files.s3.BucketStorage",
        "OPTIONS": {
            "bucket_name": _BUCKET,
            "endpoint_url": env.str("FILES_S3_ENDPOINT", default="") or None,
            "region_name": env.str("FILES_S3_REGION", default="") or None,
            "max_memory_size": 5 * 1024 * 1024,
        },
    }
# A virus scanner (clamd) that sees every file before it is stored: tcp://host:3310 or unix:///run/clamav/clamd.ctl
CLAMD_URL = env.str("CLAMD_URL", default="")
