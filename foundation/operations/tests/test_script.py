"""`./portal`, the script around all commands."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_modules_stay_compiled_whatever_the_environment_says_of_other_programs() -> None:
    asked = "import sys; print(sys.dont_write_bytecode, sys.pycache_prefix)"
    answer = subprocess.run(
        [ROOT / "portal", "manage", "shell", "--no-imports", "-c", asked],
        check=True,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert answer.stdout.split() == ["False", str(ROOT / ".venv" / "pycache")]
