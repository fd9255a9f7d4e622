"""Checks an evidence pack of CISO Portal. Needs Python 3.8 or newer and nothing else: no package, no network, no portal.

    python3 -I verify.py                    the pack that this file was unpacked with
    python3 -I verify.py pack.zip           a pack as it was downloaded, without unpacking it
    python3 -I verify.py FOLDER             a pack that was unpacked
    … --fingerprint 0123abcd…               also fail unless the pack was signed with this key

With -I, Python runs nothing but this program and its own library, whatever lies beside them or is set on the machine.

Names each file, trail entry, link and checkpoint that is not as it was signed, and ends with 0 if there is none, 1 if there is
any, and 2 if it was called wrongly. Reads in pieces, so that a pack of any size needs little memory; writes nothing.
"""

import sys

if __name__ == "__main__" and not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
    # Python looks for modules beside the program first, where what it judges lies: a module put there would be run.
    sys.path[:] = [place for place in sys.path if place not in ("", ".", sys.path[0])]

import base64
import binascii
import hashlib
import json
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

MANIFEST, SIGNATURE, KEY = "manifest.json", "manifest.sig", "public_key.pem"
TRAIL, CHAIN, CHECKPOINTS, EARLIER_KEYS = "trail.jsonl", "chain.txt", "checkpoints.jsonl", "earlier_keys/"
PACK_PURPOSE, CHECKPOINT_PURPOSE = "ciso-portal evidence pack 1", "ciso-portal trail checkpoint 1"
START = "0" * 64
LINK = re.compile(rb"(\d{1,19}) (\d{1,19}) ([0-9a-f]{64})( \+)?\n")

PIECE = 1024 * 1024
MOST_KEY = 4 * 1024
MOST_SIGNATURE = 64 * 1024
MOST_MANIFEST = 64 * 1024 * 1024
LONGEST_LINE = 32 * 1024 * 1024
LONGEST_SHORT_LINE = 4 * 1024
MOST_NAMES = 1_000_000
MOST_TOLD = 200
MOST_UNPACKED = 100  # times its size in the archive: of the manifest, which says how large all else is
LONGEST_NAME = 500
TOO_MANY = f"is one too many: more than {MOST_NAMES}"


# --- Ed25519 (RFC 8032, section 5.1), verifying only ------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
if TYPE_CHECKING:
    Point = tuple[int, int, int, int]


def _x_of(y: int, sign: int) -> "int | None":
    """Return the x that belongs to a y on the curve, or None for no point."""
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def _point(encoded: bytes) -> "Point | None":
    """Return the point that 32 bytes stand for, or None."""
    number = int.from_bytes(encoded, "little")
    y = number & ((1 << 255) - 1)
    x = _x_of(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % P)


def _sum(p: "Point", q: "Point") -> "Point":
    """Return the sum of two points, in extended coordinates."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(number: int, point: "Point") -> "Point":
    """Return a multiple of a point."""
    product: Point = (0, 1, 1, 0)
    while number > 0:
        if number & 1:
            product = _sum(product, point)
        point = _sum(point, point)
        number >>= 1
    return product


_BASE_Y = 4 * pow(5, P - 2, P) % P
_BASE_X = _x_of(_BASE_Y, 0) or 0
BASE: "Point" = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % P)


def signature_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether an Ed25519 signature is that of a public key under a message."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, nonce = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or nonce is None or s >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    h = int.from_bytes(digest, "little") % ORDER
    left, right = _times(s, BASE), _sum(nonce, _times(h, key))
    same_x = (left[0] * right[2] - right[0] * left[2]) % P == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % P == 0


# --- What was signed, in the one form that digests are made of --------------------------------------------------------


class Unreadable(ValueError):
    """Something is not what it should be; the message says why, for people."""


def canonical(values: Any) -> bytes:
    """Return JSON in the one form that digests and signatures are made of."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _each_once(pairs: "list[tuple[str, Any]]") -> "dict[str, Any]":
    """Return an object of JSON; one that says a thing twice could be read in two ways."""
    values = dict(pairs)
    if len(values) != len(pairs):
        raise Unreadable("a name stands there twice")
    return values


def _no_number(name: str) -> None:
    """Refuse NaN and the infinite, which are no numbers to reckon with."""
    raise Unreadable(f"{name} is no number")


def read_json(content: bytes) -> "dict[str, Any]":
    """Return an object of JSON; raise Unreadable for anything else."""
    try:
        values = json.loads(content.decode("utf-8"), object_pairs_hook=_each_once, parse_constant=_no_number)
    except Unreadable:
        raise
    except (ValueError, RecursionError, MemoryError) as error:
        raise Unreadable("it is no JSON") from error
    if not isinstance(values, dict):
        raise Unreadable("it is no JSON object")
    return values


def read_line(line: bytes) -> "dict[str, Any]":
    """Return an object of JSON on a line of its own, in canonical form to the byte; raise Unreadable."""
    values = read_json(line)
    try:
        same = canonical(values) + b"\n" == line
    except (ValueError, RecursionError) as error:
        raise Unreadable("it holds what no text holds") from error
    if not same:
        raise Unreadable("it is not written as the portal writes it")
    return values


def signed_message(values: "dict[str, Any]", purpose: str) -> bytes:
    """Return what the signature of a statement is made of."""
    return canonical(
        {**{name: value for name, value in values.items() if name != "signature"}, "purpose": purpose}
    )


def statement_holds(values: "dict[str, Any]", purpose: str, public: bytes) -> bool:
    """Tell whether a statement bears the signature of a key, and names that key."""
    try:
        signature = base64.b64decode(str(values.get("signature", "")), validate=True)
        message = signed_message(values, purpose)
    except (binascii.Error, ValueError):
        return False
    named = values.get("key_fingerprint") == fingerprint(public)
    return named and signature_holds(public, message, signature)


def fingerprint(public: bytes) -> str:
    """Return the SHA-256 of a public key's 32 bytes, in hexadecimal."""
    return hashlib.sha256(public).hexdigest()


KEY_START = bytes.fromhex("302a300506032b6570032100")  # SubjectPublicKeyInfo of Ed25519 (RFC 8410)


def read_key(pem: bytes) -> bytes:
    """Return the 32 bytes of an Ed25519 public key in PEM; raise Unreadable."""
    found = re.fullmatch(
        rb"-----BEGIN PUBLIC KEY-----\s+([A-Za-z0-9+/=\s]+?)\s+-----END PUBLIC KEY-----\s*", pem
    )
    try:
        der = base64.b64decode(b"".join(found.group(1).split()), validate=True) if found else b""
    except binascii.Error:
        der = b""
    if len(der) != 44 or not der.startswith(KEY_START):
        raise Unreadable("it is no Ed25519 public key")
    return der[len(KEY_START) :]


# --- Where a pack is: a folder, or the archive as it was downloaded ---------------------------------------------------


def unsafe(name: str) -> bool:
    """Tell whether a name could lead out of the pack, or is none that the portal gives."""
    parts = name.split("/")
    return (
        len(name) > LONGEST_NAME
        or "\\" in name
        or ":" in name
        or any(part in ("", ".", "..") for part in parts)
        or any(ord(letter) < 32 or ord(letter) == 127 for letter in name)
    )


def printable(text: Any) -> str:
    """Return a text that a terminal can be shown: no controls, no marks that turn the direction of writing."""
    shown = str(text)[:LONGEST_NAME]
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in shown)


class Folder:
    """A pack that was unpacked. What lies there and is no plain file is refused, and never followed."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.refused: list[tuple[str, str]] = []
        self.sizes: dict[str, int] = {}
        self.paths: dict[str, Path] = {}
        self._look(self.root)

    def _look(self, folder: Path) -> None:
        for path in sorted(folder.iterdir()):
            # Some systems take letters and their accents apart when they unpack.
            inside = unicodedata.normalize("NFC", path.relative_to(self.root).as_posix())
            if path.is_symlink():
                self.refused.append((inside, "is a link to elsewhere"))
            elif path.is_dir():
                self._look(path)
            elif not path.is_file():
                self.refused.append((inside, "is no plain file"))
            elif inside in self.sizes:
                self.refused.append(
                    (inside, "is there twice, its letters and their accents written in two ways")
                )
            elif len(self.sizes) >= MOST_NAMES:
                self.refused.append((inside, TOO_MANY))
            else:
                self.sizes[inside], self.paths[inside] = path.stat().st_size, path

    def open(self, name: str) -> "IO[bytes]":
        """Return a file, opened for reading."""
        return self.paths[name].open("rb")


class Archive:
    """A pack as it was downloaded, read where it lies."""

    def __init__(self, path: Path) -> None:
        self.archive = zipfile.ZipFile(path)
        self.refused: list[tuple[str, str]] = []
        self.sizes: dict[str, int] = {}
        for member in self.archive.infolist():
            name = member.orig_filename
            reason = self._refusal(name, member)
            if reason:
                self.refused.append((name, reason))
            else:
                self.sizes[name] = member.file_size

    def _refusal(self, name: str, member: zipfile.ZipInfo) -> str:
        if unsafe(name) or name != member.filename:
            return "has a name that could lead out of the pack"
        if name in self.sizes:
            return "is in the archive twice"
        if member.flag_bits & 1:
            return "is encrypted"
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            return "is packed in a way that the portal does not use"
        if name == MANIFEST and member.file_size > MOST_UNPACKED * member.compress_size + PIECE:
            return f"would unpack to more than {MOST_UNPACKED} times its size: it is not read"
        return TOO_MANY if len(self.sizes) >= MOST_NAMES else ""

    def open(self, name: str) -> "IO[bytes]":
        """Return a member, opened for reading."""
        return self.archive.open(name)


CANNOT_BE_READ = (
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


# --- The check --------------------------------------------------------------------------------------------------------


class Check:
    """One pass over a pack. What is wrong is told as it is found, and counted."""

    def __init__(self, pack: Any, wanted_key: str = "") -> None:
        self.pack = pack
        self.wanted_key = wanted_key
        self.problems = 0
        self.public = b""
        self.keys: dict[str, bytes] = {}
        self.statement: dict[str, Any] = {}
        self.listed: dict[str, tuple[int, str]] = {}
        self.manifest: dict[str, Any] = {}
        self.checkpoints: dict[int, dict[str, Any]] = {}
        self.counts = {"files": 0, "bytes": 0, "entries": 0, "links": 0, "checkpoints": 0}

    def run(self) -> bool:
        """Check everything; tell whether nothing was wrong."""
        for name, reason in self.pack.refused:
            self.fail(name, reason)
        self.read_public_key()
        self.read_statement()
        self.read_manifest()
        self.check_files()
        self.read_checkpoints()
        self.check_trail()
        return self.problems == 0

    def fail(self, what: str, reason: str) -> None:
        """Tell what is wrong."""
        self.problems += 1
        if self.problems <= MOST_TOLD:
            say(f"FAIL  {printable(what)}: {printable(reason)}")

    def whole(self, name: str, most: int) -> "bytes | None":
        """Return a small file as it is; None, and tell, where it is missing or too large."""
        if name not in self.pack.sizes:
            self.fail(name, "is missing: it was removed")
            return None
        try:
            with self.pack.open(name) as file:
                content: bytes = file.read(most + 1)
        except CANNOT_BE_READ as error:
            self.fail(name, f"cannot be read: it was edited, or is damaged ({error})")
            return None
        if len(content) > most:
            self.fail(name, f"is larger than {most} bytes: it is not read")
            return None
        return content

    def read_public_key(self) -> None:
        """Read the key that the pack says it was signed with."""
        content = self.whole(KEY, MOST_KEY)
        if content is None:
            return
        try:
            self.public = read_key(content)
        except Unreadable as error:
            self.fail(KEY, f"was edited: {error}")
            return
        self.keys[fingerprint(self.public)] = self.public
        if self.wanted_key and fingerprint(self.public) != self.wanted_key:
            self.fail(KEY, "is not the key whose fingerprint you gave: somebody else made this pack")

    def read_statement(self) -> None:
        """Read what was signed of the pack as a whole."""
        content = self.whole(SIGNATURE, MOST_SIGNATURE)
        if content is None:
            return
        try:
            self.statement = read_line(content)
        except Unreadable as error:
            self.fail(SIGNATURE, f"was edited: {error}")
            return
        if not statement_holds(self.statement, PACK_PURPOSE, self.public):
            self.statement = {}
            self.fail(
                SIGNATURE, f"does not bear the signature of {KEY}: one of the two was edited or put there"
            )

    def read_manifest(self) -> None:
        """Read what the pack consists of."""
        content = self.whole(MANIFEST, MOST_MANIFEST)
        if content is None:
            return
        signed = self.statement.get("manifest_sha256")
        if signed != hashlib.sha256(content).hexdigest():
            self.fail(MANIFEST, "was edited: it is not the one that was signed")
        try:
            self.manifest = read_json(content)
            for row in self.manifest["files"]:
                self.listed[str(row["path"])] = (int(row["size"]), str(row["sha256"]))
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            self.fail(MANIFEST, f"cannot be read: it was edited ({error})")
        if self.statement and self.statement.get("files") != len(self.listed):
            told = f"{self.statement.get('files')} were signed, and it lists {len(self.listed)}"
            self.fail(MANIFEST, f"does not list the files that were signed: {told}")

    def check_files(self) -> None:
        """Compare each file with the manifest, and tell what is in one of the two alone."""
        for name in sorted(self.listed):
            if unsafe(name):
                self.fail(name, "has a name that could lead out of the pack")
            elif name not in self.pack.sizes:
                self.fail(name, "is missing: it was removed")
            else:
                self._check_file(name, *self.listed[name])
        for name in sorted(set(self.pack.sizes) - set(self.listed) - {MANIFEST, SIGNATURE}):
            self.fail(name, "is not in the manifest: it was added")

    def _check_file(self, name: str, size: int, digest: str) -> None:
        found, read = hashlib.sha256(), 0
        try:
            with self.pack.open(name) as file:
                for piece in iter(lambda: file.read(PIECE), b""):
                    found.update(piece)
                    read += len(piece)
                    if read > size:
                        break
        except CANNOT_BE_READ as error:
            self.fail(name, f"cannot be read: it was edited, or is damaged ({error})")
            return
        self.counts["files"] += 1
        self.counts["bytes"] += read
        if read != size:
            self.fail(name, f"was edited: it has {'more' if read > size else 'fewer'} bytes than it had")
        elif found.hexdigest() != digest:
            self.fail(name, "was edited: its SHA-256 is not that of the manifest")

    def lines(self, name: str, longest: int) -> "Iterator[bytes]":
        """Yield the lines of a file; stop, and tell, at one that is too long or can't be read."""
        if name not in self.pack.sizes:
            if name not in self.listed:
                self.fail(name, "is missing: it was removed")
            return
        left = self.listed[name][0] if name in self.listed else self.pack.sizes[name]
        try:
            with self.pack.open(name) as file:
                for line in iter(lambda: file.readline(longest + 1), b""):
                    left -= len(line)
                    if left < 0:
                        return  # it was told that it has more bytes than were signed
                    if len(line) > longest:
                        self.fail(name, f"has a line of more than {longest} bytes: the rest is not read")
                        return
                    yield line
        except CANNOT_BE_READ as error:
            self.fail(name, f"cannot be read: it was edited, or is damaged ({error})")

    def read_checkpoints(self) -> None:
        """Read how far the chain was signed, and when, with the keys that signed it."""
        for name in sorted(set(self.listed) & set(self.pack.sizes)):
            if name.startswith(EARLIER_KEYS):
                content = self.whole(name, MOST_KEY)
                try:
                    key = read_key(content or b"")
                    self.keys[fingerprint(key)] = key
                except Unreadable as error:
                    self.fail(name, f"was edited: {error}")
        for number, line in enumerate(self.lines(CHECKPOINTS, LONGEST_SHORT_LINE), start=1):
            self._read_checkpoint(f"{CHECKPOINTS}, line {number}", line)

    def _read_checkpoint(self, what: str, line: bytes) -> None:
        try:
            said = read_line(line)
            position = int(said["position"])
            bytes.fromhex(said["chain_digest"])
            key = self.keys.get(str(said["key_fingerprint"]), b"")
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            self.fail(what, f"cannot be read: it was edited ({error})")
            return
        if not statement_holds(said, CHECKPOINT_PURPOSE, key):
            self.fail(
                what, f"the checkpoint of position {position} was edited or put there: nobody signed it"
            )
            return
        self.checkpoints[position] = said
        self.counts["checkpoints"] += 1

    def check_trail(self) -> None:
        """Walk the chain from checkpoint to checkpoint, with the entries that it names."""
        links = self.lines(CHAIN, LONGEST_SHORT_LINE)
        walk = Walk(self, self.lines(TRAIL, LONGEST_LINE))
        first = next(links, None)
        if first is None:
            self.fail(CHAIN, "is empty: it was removed")
        elif walk.begin(first) and all(walk.link(line) for line in links):
            walk.end()


class Walk:
    """The pass along the chain: each link from the one before, each entry against its link."""

    def __init__(self, check: Check, entries: "Iterator[bytes]") -> None:
        self.check = check
        self.fail = check.fail
        self.entries = entries
        self.entry_line = 0
        self.entry: tuple[int, dict[str, Any]] | None = None
        self.position = 0
        self.digest = START
        self.last_good = 0

    def begin(self, line: bytes) -> bool:
        """Read where the chain begins: at the first link of all, or at a checkpoint."""
        try:
            position, self.digest = line.decode("ascii").split()
            self.position = self.last_good = int(position)
            bytes.fromhex(self.digest)
        except ValueError:
            self.fail(CHAIN, "its first line cannot be read: it was edited")
            return False
        usual = START if self.position == 0 else None
        if self.check.checkpoints.get(self.position, {}).get("chain_digest", usual) != self.digest:
            self.fail(CHAIN, f"no checkpoint bears out where it begins, at position {self.position}")
        said = self.check.statement
        if said and (said.get("start_position"), said.get("start_digest")) != (self.position, self.digest):
            self.fail(CHAIN, f"does not begin where it was signed, but at position {self.position}")
        self.next_entry()
        return True

    def link(self, line: bytes) -> bool:
        """Add a link to the chain, and check the entry that it names, if the pack holds it."""
        read = LINK.fullmatch(line)
        position, entry_id = (int(read[1]), int(read[2])) if read else (0, 0)
        if read is None or max(position, entry_id) >= 2**63:
            self.fail(CHAIN, f"the line after position {self.position} cannot be read: it was edited")
            return False
        if position != self.position + 1:
            self.fail(CHAIN, f"after position {self.position} comes {position}: links were removed or added")
        digest = read[3].decode()
        numbers = position.to_bytes(8, "big") + entry_id.to_bytes(8, "big")
        self.digest = hashlib.sha256(bytes.fromhex(self.digest) + numbers + bytes.fromhex(digest)).hexdigest()
        self.position = position
        self.check.counts["links"] += 1
        if read[4]:
            self._check_entry(position, entry_id, digest)
        self._check_against_checkpoint(entry_id)
        return True

    def _check_against_checkpoint(self, entry_id: int) -> None:
        signed = self.check.checkpoints.get(self.position)
        if signed is None:
            return
        if (signed.get("chain_digest"), signed.get("entry_id")) != (self.digest, entry_id):
            where = f"between positions {self.last_good} and {self.position}"
            self.fail(CHAIN, f"is not the chain that was signed: {where} a link was edited, removed or added")
            self.digest = str(signed["chain_digest"])  # so that what follows is judged by itself
        self.last_good = self.position

    def next_entry(self) -> None:
        """Read the next entry of the trail that is one; tell what is none."""
        self.entry = None
        for line in self.entries:
            self.entry_line += 1
            try:
                said = read_line(line)
                self.entry = (int(said["position"]), dict(said["entry"]))
                return
            except (KeyError, TypeError, ValueError, OverflowError) as error:
                self.fail(f"{TRAIL}, line {self.entry_line}", f"cannot be read: it was edited ({error})")

    def _check_entry(self, position: int, entry_id: int, digest: str) -> None:
        while self.entry and self.entry[0] < position:
            self._added(*self.entry)
            self.next_entry()
        what = f"{TRAIL}, entry {entry_id}"
        if self.entry is None or self.entry[0] > position:
            self.fail(what, f"is missing: it was removed (position {position} of the chain)")
            return
        entry = self.entry[1]
        self.check.counts["entries"] += 1
        if entry.get("id") != entry_id:
            self._added(position, entry)
            self.fail(what, f"is missing: another stands in its place (position {position} of the chain)")
        elif hashlib.sha256(canonical(entry)).hexdigest() != digest:
            self.fail(what, f"was edited: it is not the one that was sealed ({_what(entry)})")
        self.next_entry()

    def _added(self, position: int, entry: "dict[str, Any]") -> None:
        self.fail(
            f"{TRAIL}, entry {entry.get('id')}",
            f"was added: no link at position {position} of the chain names it ({_what(entry)})",
        )

    def end(self) -> None:
        """Tell entries beyond the chain, and whether chain and trail reach as far as was signed."""
        while self.entry:
            self._added(*self.entry)
            self.next_entry()
        last, said = max(self.check.checkpoints, default=0), self.check.statement
        if last > self.position:
            self.fail(
                CHAIN, f"its tail was cut off: it ends at position {self.position}, and was signed to {last}"
            )
        elif last < self.position:
            self.fail(CHECKPOINTS, f"the last was removed: none bears out position {self.position}")
        if said and (said.get("end_position"), said.get("end_digest")) != (self.position, self.digest):
            signed = said.get("end_position")
            self.fail(
                CHAIN, f"does not end as it was signed, at position {signed}: its tail was cut off or edited"
            )
        if said and said.get("entries") != self.check.counts["entries"]:
            counted = f"{said.get('entries')} were signed, and {self.check.counts['entries']} are there"
            self.fail(TRAIL, f"does not hold the entries that were signed: {counted}")


def _what(entry: "dict[str, Any]") -> str:
    """Return what an entry says it is of."""
    return " ".join(str(entry.get(name) or "") for name in ("action", "record_reference")).strip()


# --- What is said -----------------------------------------------------------------------------------------------------


def say(text: str = "") -> None:
    """Write a line."""
    sys.stdout.write(f"{text}\n")


PROVEN = """PASSED: everything is as it was when the pack was signed.
This proves that no file was edited, removed or added since; that each trail entry in the pack is one that the portal
sealed, unchanged and in its place; and that the chain of seals around them is the one that was signed."""
WHOSE_KEY = """It does not prove whose key that was. Compare the fingerprint above with the one that the portal shows, or that you got
by another way: whoever makes up a whole pack signs it with a key of their own."""
NOT_PROVEN = """Nor does it prove that what people wrote is true, or that the pack holds all there is: of entries that are not in it, it
holds the seals alone, and index.pdf says what was left out."""


def result_tell(check: Check) -> None:
    """Say what was checked, what that proves, and what it does not."""
    pack, counts = check.manifest.get("pack"), check.counts
    if isinstance(pack, dict):
        say(f"Pack      {printable(pack.get('title', ''))}")
        say(f"Made      {printable(pack.get('made_at', ''))} for {printable(pack.get('made_for', ''))}")
    trail = f"{counts['entries']} trail entries, {counts['links']} links, {counts['checkpoints']} checkpoints"
    say(f"Checked   {counts['files']} files of {counts['bytes']} bytes, {trail}")
    say(f"Key       {fingerprint(check.public) if check.public else 'none'}")
    missing = check.manifest.get("missing")
    for row in missing[:MOST_TOLD] if isinstance(missing, list) else []:
        if isinstance(row, dict):
            what = f"{printable(row.get('record', ''))}, {printable(row.get('name', ''))}"
            say(f"NOTE  {what}: was not there when the pack was made ({printable(row.get('reason', ''))})")
    say()
    if check.problems:
        more = f" The first {MOST_TOLD} are named." if check.problems > MOST_TOLD else ""
        things = "One thing is" if check.problems == 1 else f"{check.problems} things are"
        say(f"FAILED: {things} not as signed.{more}")
        return
    say(PROVEN)
    if not check.wanted_key:
        say(WHOSE_KEY)
    say(NOT_PROVEN)


def arguments(given: "list[str]") -> "tuple[Path, str]":
    """Return where the pack is, and which key is wanted; raise Unreadable for what makes no sense."""
    places, wanted, rest = [], "", list(given)
    while rest:
        one = rest.pop(0)
        if one == "--fingerprint" and rest:
            wanted = re.sub(r"[\s:]", "", rest.pop(0)).lower()
            if not re.fullmatch(r"[0-9a-f]{64}", wanted):
                raise Unreadable("A fingerprint has 64 hexadecimal digits.")
        elif one.startswith("-"):
            raise Unreadable(f"Unknown: {one}")
        else:
            places.append(Path(one))
    if len(places) > 1:
        raise Unreadable("One pack at a time.")
    return (places[0] if places else Path(__file__).resolve().parent), wanted


def main(given: "list[str]") -> int:
    """Check a pack; return 0 if nothing is wrong with it, else 1, or 2 if there is none."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        place, wanted = arguments(given)
        pack: Any = Folder(place) if place.is_dir() else Archive(place)
    except CANNOT_BE_READ as error:
        say(f"{printable(error)}\n\n{__doc__}")
        return 2
    check = Check(pack, wanted)
    passed = check.run()
    result_tell(check)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
