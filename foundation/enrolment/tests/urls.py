"""Who meets what behind the addresses of the import of people."""

from uuid import UUID

from foundation import clock
from foundation.enrolment.services import PEOPLE_IMPORT
from foundation.enrolment.tests.tables import table
from foundation.records.imports.drafts import import_file_keep
from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, only


def of_import(cast: Cast) -> tuple[UUID]:
    """Return the key of a file that the administrator brought."""
    file = import_file_keep(
        user=cast.administrator,
        purpose=PEOPLE_IMPORT.purpose,
        file_name="people.csv",
        content=table({}),
        sheet="",
        now=clock.now(),
    )
    return (file.key,)


ROWS = [
    UrlRow(name="enrolment:import", get=only("administrator"), post=only("administrator", answer=422)),
    UrlRow(name="enrolment:import-template", get=only("administrator"), args=lambda cast: ("xlsx",)),
    UrlRow(name="enrolment:import-preview", get=only("administrator"), args=of_import),
    UrlRow(
        name="enrolment:import-confirm",
        get=only("administrator", answer=405),
        post=only("administrator", answer=302),
        args=of_import,
    ),
]
