"""The program that checks packs: its signatures by the book, and what it does with archives that mean harm."""

import ast
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from duties.packs import verify

# RFC 8032, section 7.1: secret key, public key, message, signature.
VECTORS = (
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
)
FIRST = bytes.fromhex(VECTORS[0][1])


@pytest.mark.parametrize(("secret", "public", "message", "signature"), VECTORS)
def test_signatures_of_the_standard_hold(secret: str, public: str, message: str, signature: str) -> None:
    key, said, signed = map(bytes.fromhex, (public, message, signature))
    assert Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).sign(said) == signed
    assert verify.signature_holds(key, said, signed)
    assert not verify.signature_holds(key, said + b"\0", signed)
    assert not verify.signature_holds(FIRST if key != FIRST else key[::-1], said, signed)


def library_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@settings(max_examples=60, derandomize=True)
@given(
    secret=st.binary(min_size=32, max_size=32),
    message=st.binary(max_size=200),
    place=st.integers(0, 63),
    bit=st.integers(0, 7),
)
def test_it_judges_as_the_library_does(secret: bytes, message: bytes, place: int, bit: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(secret)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert verify.signature_holds(public, message, signature)
    other = bytearray(signature)
    other[place] ^= 1 << bit
    assert not verify.signature_holds(public, message, bytes(other))
    assert not library_holds(public, message, bytes(other))


def test_what_only_looks_like_a_signature_is_none() -> None:
    public, message, signature = (bytes.fromhex(text) for text in VECTORS[1][1:])
    s = int.from_bytes(signature[32:], "little") + verify.ORDER  # the same point, in another writing
    assert not verify.signature_holds(public, message, signature[:32] + s.to_bytes(32, "little"))
    assert not verify.signature_holds(public, message, signature[:63])
    assert not verify.signature_holds(public[:31], message, signature)
    off_the_curve = (2).to_bytes(32, "little")
    assert not verify.signature_holds(off_the_curve, message, signature)
    assert not verify.signature_holds(b"\xff" * 32, message, signature), "y beyond the field"


def test_it_is_for_python_as_old_as_3_8_and_its_library_alone() -> None:
    tree = ast.parse(Path(verify.__file__).read_text(), feature_version=(3, 8))
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module)
    assert imported == {
        "base64", "binascii", "collections.abc", "hashlib", "json", "pathlib", "re", "sys", "typing",
        "unicodedata", "zipfile", "zlib",
    }  # fmt: skip
    asked_for_at_once = [
        annotation
        for node in ast.walk(tree)
        for annotation in (
            [*(arg.annotation for arg in node.args.args), node.returns]
            if isinstance(node, ast.FunctionDef)
            else []
        )
    ] + [node.annotation for node in tree.body if isinstance(node, ast.AnnAssign)]
    assert not [ast.unparse(one) for one in asked_for_at_once if isinstance(one, ast.BinOp | ast.Subscript)]
    newer = {"removeprefix", "removesuffix", "is_relative_to", "with_stem", "zip_strict"}
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not used & newer


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"a":1,"a":2}',
        b"{" * 100_000,
        b"[" * 200_000 + b"]" * 200_000,
        b"\xff\xfe",
        b'{"a":1}x',
        b"nan",
        b'{"a":NaN}',
        b'{"a":[-Infinity]}',
    ],
)
def test_no_json_is_told(content: bytes) -> None:
    with pytest.raises(verify.Unreadable):
        verify.read_json(content)


def test_a_line_is_read_in_one_writing_alone() -> None:
    assert verify.read_line(b'{"a":"\xc3\xa9","b":1}\n') == {"a": "é", "b": 1}
    for other in (b'{"b":1,"a":"\xc3\xa9"}\n', b'{"a": "\xc3\xa9","b":1}\n', b'{"a":"\\u00e9","b":1}\n', b'{"a":"\xc3\xa9","b":1}',
                  b'{"a":"\\ud800","b":1}\n'):  # fmt: skip
        with pytest.raises(verify.Unreadable):
            verify.read_line(other)


Told = Callable[[], str]


@pytest.mark.parametrize(
    "name",
    [
        "../outside.txt",
        "/etc/passwd",
        "a/../../b",
        "C:/Windows/x",
        "a\\..\\b",
        "a//b",
        "a/./b",
        "x\x1b[2J",
        "n" * 600,
    ],
)
def test_names_that_lead_out_are_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pack.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(name, b"harm")
    assert verify.main([str(path)]) == 1
    said = capsys.readouterr().out
    assert "could lead out of the pack" in said
    assert "\x1b" not in said
    assert [one.name for one in tmp_path.iterdir()] == ["pack.zip"], "nothing is written"


def test_an_archive_that_unpacks_without_end_is_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pack.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("manifest.json", b"\0" * (300 * 1024 * 1024))
        made.writestr("manifest.sig", b"{}")
        made.writestr("public_key.pem", b"x" * 10_000)
    assert verify.main([str(path)]) == 1
    said = capsys.readouterr().out
    assert "FAIL  manifest.json: would unpack to more than 100 times its size: it is not read" in said
    assert "FAIL  public_key.pem: is larger than 4096 bytes: it is not read" in said


def test_a_name_that_stands_twice_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "pack.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("index.pdf", b"one")
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr("index.pdf", b"other")
    assert verify.main([str(path)]) == 1
    assert "FAIL  index.pdf: is in the archive twice" in capsys.readouterr().out


def test_links_to_elsewhere_are_not_followed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "pack" / "index.pdf").symlink_to(tmp_path / "secret")
    assert verify.main([str(tmp_path / "pack")]) == 1
    assert "FAIL  index.pdf: is a link to elsewhere" in capsys.readouterr().out


def test_of_two_names_that_look_alike_none_takes_the_others_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("gro\u0308sse.txt", "gr\u00f6sse.txt"):
        (tmp_path / name).write_text(name)
    assert verify.main([str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "FAIL  gr\u00f6sse.txt: is there twice, its letters and their accents written in two ways" in said


def test_files_beyond_all_measure_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "MOST_NAMES", 2)
    for name in ("a", "b", "c"):
        (tmp_path / name).write_text("")
    assert verify.main([str(tmp_path)]) == 1
    assert "FAIL  c: is one too many" in capsys.readouterr().out


def test_numbers_without_end_end_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in ("Infinity", "-Infinity", "NaN", "1e+400", "1e+308", "9" * 400, "9" * 5000):
        (tmp_path / "manifest.json").write_text(json.dumps({"files": []}))
        (tmp_path / "chain.txt").write_text(f"0 {'0' * 64}\n")
        digests = f'"chain_digest":"00","key_fingerprint":"","position":{number}'
        (tmp_path / "checkpoints.jsonl").write_text(f"{{{digests}}}\n")
        (tmp_path / "trail.jsonl").write_text(f'{{"entry":{{"id":{number}}},"position":{number}}}\n')
        assert verify.main([str(tmp_path)]) == 1
        said = capsys.readouterr().out
        assert "FAIL  checkpoints.jsonl" in said, number
        assert "FAIL  trail.jsonl" in said, number
        assert "FAILED: " in said


@pytest.mark.parametrize(
    "given",
    [["nowhere.zip"], ["a", "b"], ["--what"], ["--fingerprint", "12"], ["--fingerprint"]],
)
def test_it_says_how_it_is_called(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.main(given) == 2
    assert "python3 -I verify.py" in capsys.readouterr().out


def test_what_is_no_archive_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pack.zip").write_bytes(b"no archive")
    assert verify.main([str(tmp_path / "pack.zip")]) == 2


def test_a_manifest_that_says_nonsense_ends_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"path": "../x", "size": 1, "sha256": "0"}, {"path": "y", "size": 1e400, "sha256": None}]
    for files in (
        rows,
        rows[:1],
        [1],
        {"path": 1},
        None,
        [{"path": "y"}],
        [{"path": "x" * 999, "size": -1, "sha256": ""}],
    ):
        path = tmp_path / "pack.zip"
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as made:
            made.writestr(
                "manifest.json", json.dumps({"files": files, "missing": [1, {"name": []}], "pack": 3})
            )
            made.writestr("chain.txt", "zero " + "0" * 64 + "\n9 9 9\n")
            made.writestr("checkpoints.jsonl", '{"position":[]}\n{}\nnull\n')
            made.writestr("trail.jsonl", '{"entry":[],"position":null}\n')
        path.write_bytes(buffer.getvalue())
        assert verify.main([str(path)]) == 1
        assert "FAILED" in capsys.readouterr().out
