"""Forms filled in as a browser would."""

from typing import Any

from django.test import Client


def filled(browser: Client, path: str, **changes: Any) -> dict[str, Any]:
    """Open a page with a form, and return what the browser would send of it once `changes` are typed."""
    context = browser.get(path).context
    form = context["adminform"].form if "adminform" in context else context["form"]
    shown = {form.add_prefix(name): form[name].value() for name in form.fields}
    return {
        name: "" if value is None else value
        for name, value in {**shown, **changes}.items()
        if value is not False  # a box without its tick is not sent
    }


def send(browser: Client, path: str, **changes: Any) -> Any:
    """Open a page with a form, type `changes`, send it, and return the answer."""
    return browser.post(path, filled(browser, path, **changes))
