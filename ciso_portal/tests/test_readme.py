"""What the README says of the settings is what is read."""

import re
from pathlib import Path

from django.conf import settings

FOR_TESTS = {"PORTAL_CLOCK_OFFSET", "PORTAL_BEAT_SECONDS", "PORTAL_SETTING_UP"}
SOURCES = ("ciso_portal/settings/*.py", "portal", "foundation/operations/launch/chromium.py")
READ = re.compile(r'env\.\w+\(\s*"([A-Z_]+)"|^VARIABLE = "([A-Z_]+)"|\$\{(PORTAL_[A-Z_]+)', re.MULTILINE)


def test_every_setting_has_a_row() -> None:
    root = Path(settings.BASE_DIR)
    files = [path for source in SOURCES for path in root.glob(source)]
    read = {"".join(names) for path in files for names in READ.findall(path.read_text("utf-8"))}
    rows = re.findall(r"^\| (`.*?) \|", (root / "README.md").read_text("utf-8"), re.MULTILINE)
    told = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    assert read - FOR_TESTS == told
