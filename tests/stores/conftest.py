"""The contract lies in modules of the package; its assertions are to explain themselves all the same."""

from contextlib import suppress

import pytest

for _name in ("store_contract", "store_drafts", "store_reading", "store_writing"):
    pytest.register_assert_rewrite(f"groupcore.testing.{_name}")

with suppress(ImportError):  # without psycopg, what needs it is skipped
    from stores.postgres_server import server  # noqa: F401 (a fixture, one for all modules)
