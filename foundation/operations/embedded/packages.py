"""Where an installed package keeps its programs, found without importing it: importing costs memory and has effects."""

from importlib.util import find_spec
from pathlib import Path


def folder_of_package(name: str) -> Path:
    """Return the folder of the package; raise ModuleNotFoundError when it is not installed."""
    found = find_spec(name)
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(
            f"The package {name} is not installed. Run ./portal, which installs it.", name=name
        )
    return Path(found.submodule_search_locations[0])
