"""Stores: where logs live. One contract, the same answers and the same errors in each.

============ =========================================================================
`base`       what a store is, and the order in which an append is checked
`memory`     the smallest store
`sqlite`     the default: one file, many processes, durable at commit
`jsonl`      a file of lines, to read with any tool; one writer at a time
`postgres`   a server: many machines, one log; needs the extra of that name, and is imported by name
`opening`    `open_store`: one name opens any log
============ =========================================================================

>>> with open_store("memory:") as log:
...     log.position
0
"""

from groupcore.stores.base import ANYTHING, Store
from groupcore.stores.jsonl import JsonlStore
from groupcore.stores.memory import MemoryStore
from groupcore.stores.opening import open_store
from groupcore.stores.sqlite import SqliteStore

__all__ = ["ANYTHING", "JsonlStore", "MemoryStore", "SqliteStore", "Store", "open_store"]
