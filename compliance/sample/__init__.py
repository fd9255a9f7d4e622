"""The sample bank's framework: an invented standard in two versions, brought as anybody would bring one.

The files are OSCAL, written for this project and by nobody else; `./portal manage import_catalogue` reads them, too.
"""

from datetime import timedelta
from pathlib import Path

from compliance.imports import plan_import, read_brought
from foundation.accounts.sample import SampleContext

HERE = Path(__file__).parent
# Who brought which version, and how many days ago.
BROUGHT = (
    ("northgate-2025.1.json", "leonor.vasconcelos", 520),
    ("northgate-2026.1.json", "yusuf.adeyinka", 230),
)


def sample_frameworks(context: SampleContext) -> None:
    """Bring both versions, each at its time."""
    for name, key, days in BROUGHT:
        actor = context.person(key)
        brought = read_brought((HERE / name).read_bytes(), file_name=name)
        plan_import(brought, actor=actor).accept(actor=actor, now=context.now - timedelta(days=days))
