"""The contract lies in modules of the package; its assertions are to explain themselves all the same."""

import pytest

try:
    from stores.postgres_server import server
except ImportError:  # without psycopg, or where there are no users: its tests are skipped
    server = None  # type: ignore[assignment]

__all__ = ["server"]

for _name in ("store_contract", "store_drafts", "store_reading", "store_writing"):
    pytest.register_assert_rewrite(f"groupcore.testing.{_name}")
