"""The tests of the whole project share one database set-up and one cast: see `foundation/testing/`."""

pytest_plugins = ["foundation.testing.plugin", "foundation.testing.database", "foundation.testing.browser"]
