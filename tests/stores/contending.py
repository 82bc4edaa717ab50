"""One of several processes that write to one log: ``contending.py PATH NAME COUNT`` appends COUNT messages.

Each goes to the stream that all of them write to, under the version read, and again after a lost race.
"""

import sys

from groupcore.errors import ConcurrencyError
from groupcore.stores import Store, open_store
from groupcore.testing.store_contract import draft


def add_one(store: Store, message: str) -> int:
    """Append the message; the number of races that were lost."""
    lost = 0
    while True:
        heads = store.heads()
        version = heads["group/g1"].version if "group/g1" in heads else 0
        try:
            store.append([draft(message, "g1"), draft(message, "g2")], {"group/g1": version})
        except ConcurrencyError:
            lost += 1
        else:
            return lost


def main(path: str, name: str, count: int) -> None:
    with open_store(path) as store:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        lost = sum(add_one(store, f"{name}-{number}") for number in range(count))
    sys.stdout.write(f"{lost}\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
