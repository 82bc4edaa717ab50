"""The fixtures that all tests of stores share."""

from contextlib import suppress

with suppress(ImportError):  # without psycopg, what needs it is skipped
    from stores.postgres_server import server  # noqa: F401 (a fixture, one for all modules)
