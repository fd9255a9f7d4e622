"""What a file really is, and whether it may come in. Knows no models: `inspect_file()` judges bytes and a name.

A file comes in when its kind is on the list (`kinds.py`), its content is what the name says, and it is nothing else
besides: no second format in front, behind or within, nothing that runs, nothing that unpacks without end.
"""

from foundation.files.inspection.inspect import Inspection, inspect_file
from foundation.files.inspection.kinds import KINDS, allowed_words
from foundation.files.inspection.names import clean_name
from foundation.files.inspection.refusals import FileRefused
from foundation.files.inspection.scanner import refuse_virus

__all__ = [
    "KINDS",
    "FileRefused",
    "Inspection",
    "allowed_words",
    "clean_name",
    "inspect_file",
    "refuse_virus",
]
