"""Loading the sample organisation at the first visit."""

from datetime import datetime

from django.db import transaction

from foundation.accounts.models import Organisation
from foundation.accounts.sample import OrganisationExists, SampleSignIn, sample_load
from foundation.accounts.services.organisation import AlreadySetUp, setup_begin
from foundation.accounts.services.setup_code import setup_code_check


def sample_set_up(*, code: str, base_url: str, now: datetime) -> SampleSignIn:
    """Load the sample organisation for whoever has the one-time code, all or nothing; return how to sign in.

    Raises AlreadySetUp when an organisation exists, SetupCodeRefused for a wrong code.
    """
    if Organisation.objects.exists():
        raise AlreadySetUp
    setup_code_check(code=code, now=now)
    try:
        with transaction.atomic():
            setup_begin()
            return sample_load(now=now, base_url=base_url)
    except OrganisationExists as error:  # loaded meanwhile from the terminal
        raise AlreadySetUp from error
