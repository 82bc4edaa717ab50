"""The contract lies in modules of the package; its assertions are to explain themselves all the same."""

import pytest

for _name in ("store_contract", "store_drafts", "store_reading", "store_writing"):
    pytest.register_assert_rewrite(f"groupcore.testing.{_name}")
