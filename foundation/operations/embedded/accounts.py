"""Which account the servers run under when root starts the portal: PostgreSQL refuses to be root, with reason.

The servers take, in this order: the account that already owns the data; the owner of the folder, if that is not root
(`sudo ./portal up`); a system account made for them. When the folder lies where that account may not pass (a clone
below `/root`), the servers keep one capability of root's, the right to pass through folders and read, rather than
that permissions or places of anything outside the folder are changed.
"""

import ctypes
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from foundation.operations.embedded.errors import EmbeddedError

SYSTEM_ACCOUNT = "ciso-portal"
# Numbers from linux/capability.h and linux/prctl.h.
CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2
CAPABILITY_VERSION_3 = 0x20080522
PR_SET_SECUREBITS = 28
SECBIT_NO_SETUID_FIXUP = 1 << 2
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2


class AccountError(EmbeddedError):
    """Raised when root has no way to start the servers under another account."""


def _call(function: Any, *arguments: Any) -> None:
    """Call a function of the C library; raise OSError when it fails."""
    if function(*arguments) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapabilityData(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


@dataclass(frozen=True)
class Account:
    """A user of this machine whose rights the servers run with."""

    name: str
    uid: int
    gid: int
    # The capability kept to pass through folders that are closed to this user; None when they are open.
    capability: int | None = None

    def become(self) -> None:
        """Turn this process, which is root's, into the account's for good. For a child before its program starts."""
        libc = ctypes.CDLL(None, use_errno=True)
        if self.capability is not None:
            # Capabilities then outlive the change of user, and access(2), by which PostgreSQL looks for its programs,
            # counts them.
            _call(libc.prctl, PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
        os.setgroups([])
        os.setresgid(self.gid, self.gid, self.gid)
        os.setresuid(self.uid, self.uid, self.uid)
        if self.capability is None:
            return
        mask = 1 << self.capability
        header = _CapabilityHeader(CAPABILITY_VERSION_3, 0)
        data = (_CapabilityData * 2)(_CapabilityData(mask, mask, mask), _CapabilityData(0, 0, 0))
        _call(libc.capset, ctypes.byref(header), ctypes.byref(data))
        _call(libc.prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, self.capability, 0, 0)

    def make_folder(self, path: Path) -> None:
        """Make `path` a folder that only this account may enter."""
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.chown(path, self.uid, self.gid)

    def can_reach(self, path: Path) -> bool:
        """Tell whether the account may enter the folder `path`."""
        check = subprocess.run(
            ["/bin/sh", "-c", 'cd -- "$1" 2>/dev/null', "sh", path],
            cwd="/",
            preexec_fn=self.become,
            check=False,
        )
        return check.returncode == 0


def make_private_folder(path: Path, account: Account | None) -> None:
    """Make `path` a folder that only the servers may enter."""
    if account is not None:
        account.make_folder(path)
    else:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)


def account_for_servers(*, data: Path, root: Path, needed: tuple[Path, ...]) -> Account | None:
    """Return the account for the servers with their data in `data`, or None when we are not root.

    `needed` are the folders that they must reach. Raises AccountError when they can not.
    """
    if os.geteuid() != 0:
        return None
    account = _owner(data) or _owner(root) or _system_account()
    try:
        closed = [path for path in needed if not account.can_reach(path)]
    except subprocess.SubprocessError as error:
        raise AccountError(
            f"As root the portal starts its database under the account “{account.name}”, "
            "and this machine does not let it change to that account. Run ./portal as an ordinary user."
        ) from error
    if not closed:
        return account
    for capability in _capabilities_held():
        passing = replace(account, capability=capability)
        try:
            if all(passing.can_reach(path) for path in needed):
                return passing
        except subprocess.SubprocessError:
            continue  # this kernel does not hand the capability on
    raise AccountError(
        f"As root the portal starts its database under the account “{account.name}”, which may not enter "
        f"{closed[0]}. Move the folder to where all users may pass (/srv or /opt), or run ./portal as an ordinary user."
    )


def _owner(path: Path) -> Account | None:
    if not path.exists():
        return None
    status = path.stat()
    if status.st_uid == 0:
        return None
    try:
        name = pwd.getpwuid(status.st_uid).pw_name
    except KeyError:
        return None  # initdb wants an account with a name
    return Account(name=name, uid=status.st_uid, gid=status.st_gid)


def _system_account() -> Account:
    try:
        entry = pwd.getpwnam(SYSTEM_ACCOUNT)
    except KeyError:
        program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
        if program is not None:
            arguments = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
            subprocess.run([program, *arguments, SYSTEM_ACCOUNT], check=False, capture_output=True)
        try:
            entry = pwd.getpwnam(SYSTEM_ACCOUNT)
        except KeyError:
            entry = pwd.getpwnam("nobody")  # a machine on which no account can be made
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def _capabilities_held() -> list[int]:
    """Return those capabilities of ours that open closed folders, the lesser one first (Linux only)."""
    status = Path("/proc/self/status")
    if not status.exists():
        return []
    fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    permitted = int(fields.get("CapPrm", "0").strip(), 16)
    return [number for number in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE) if permitted & (1 << number)]
