"""Who meets what behind the addresses that belong to no app: the admin site."""

from foundation.testing.urls import UrlRow, only

ADMINISTRATOR_ALONE = only("administrator")
LEADS_ON = only("administrator", answer=302)

ROWS = [
    UrlRow(name="admin:index", get=ADMINISTRATOR_ALONE, post=ADMINISTRATOR_ALONE),
    UrlRow(name="admin:login", get=LEADS_ON, post=LEADS_ON),
    UrlRow(name="admin:logout", get=LEADS_ON, post=LEADS_ON),
    UrlRow(name="admin:password_change", get=LEADS_ON, post=LEADS_ON),
    UrlRow(name="admin:jsi18n", get=ADMINISTRATOR_ALONE),
    UrlRow(
        name="admin:autocomplete",
        get=only(),  # even an administrator must say for which field
        refused_otherwise=True,
    ),
    UrlRow(
        name="admin:app_list",
        args=lambda cast: ["accounts"],
        get=ADMINISTRATOR_ALONE,
        post=ADMINISTRATOR_ALONE,
    ),
    # Old addresses of a row lead on to its page.
    UrlRow(name="admin:?<path:object_id>/", path="/admin/accounts/user/1/", get=LEADS_ON, post=LEADS_ON),
]
