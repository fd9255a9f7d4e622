"""What frameworks are found by, besides their reference and name."""

from compliance.models import Framework


def framework_search_text(framework: Framework) -> str:
    """Return who publishes a framework, and what it is about."""
    return f"{framework.publisher}\n{framework.description}"
