"""Find a Chromium for the browser tests, and install one where the machine has none and lets us."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
VARIABLE = "PORTAL_CHROMIUM"


class ChromiumMissingError(Exception):
    """Raised when there is no Chromium and none can be installed; the text says what to do."""


def ensure_chromium() -> str:
    """Return the path of a Chromium that starts: the one named, one on PATH, Debian's package, or Playwright's own."""
    if named := os.environ.get(VARIABLE):
        if _starts(named):
            return named
        raise ChromiumMissingError(f"{VARIABLE} names {named}, which does not start.")
    if found := _on_path():
        return found
    _install_debian_package()
    if found := _on_path():
        return found
    if found := _playwrights_own():
        return found
    raise ChromiumMissingError(
        "The browser tests need Chromium, and none could be installed here. "
        f"Install the package “chromium”, or name a Chromium or Chrome in {VARIABLE}."
    )


def _on_path() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name)) and _starts(path)), None)


def _starts(path: str) -> bool:
    """Tell whether it starts: on some machines the name belongs to a stand-in that only says what to install."""
    try:
        return (
            subprocess.run([path, "--version"], capture_output=True, check=False, timeout=60).returncode == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


def _install_debian_package() -> None:
    """Install Debian's package when this is Debian and we may."""
    release = Path("/etc/os-release")
    if not release.exists() or not shutil.which("apt-get"):
        return
    if "ID=debian" not in release.read_text().splitlines():
        return  # Ubuntu's package of that name is a stand-in
    if os.geteuid() == 0:
        prefix = []
    elif shutil.which("sudo") and _quietly(["sudo", "-n", "true"]):
        prefix = ["sudo", "-n"]
    else:
        return
    print("portal: installing Chromium for the browser tests (Debian's package) …", flush=True)
    quiet = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    if _quietly([*quiet, "update"]):
        _quietly([*quiet, "install", "--yes", "--no-install-recommends", "chromium"])


def _playwrights_own() -> str | None:
    """Return Playwright's own Chromium, fetched now if it is not there yet."""
    ask = "from playwright.sync_api import sync_playwright as p\nwith p() as it: print(it.chromium.executable_path)"
    asked = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=False)
    path = asked.stdout.strip()
    if asked.returncode != 0 or not path:
        return None
    if not Path(path).exists():
        print("portal: fetching Chromium for the browser tests (Playwright's) …", flush=True)
        _quietly([sys.executable, "-m", "playwright", "install", "chromium"])
    return path if _starts(path) else None


def _quietly(command: list[str]) -> bool:
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0 and done.stderr:
        print("portal: " + done.stderr.strip().splitlines()[-1], file=sys.stderr)
    return done.returncode == 0
