"""What exceptions are found by, besides their references and titles."""

from exceptions.models import PolicyException


def exception_search_text(exception: PolicyException) -> str:
    """Return what is excepted from, for which systems, why, and what is done instead."""
    return "\n".join(
        (
            exception.section_title,
            exception.systems,
            exception.reason,
            exception.compensation,
            exception.risk_words,
        )
    )
