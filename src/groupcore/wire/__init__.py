"""The wire: JSON text, and the shapes of our classes on it. The one door to cattrs and orjson.

========================  =====================================================================
`loads` `dumps`           JSON text, canonical, the same with and without orjson
`pack` `unpack`           JSON text for ourselves, quicker and in no canonical form
`structurer`              a fast function from a mapping to a class; gives up at the first fault
`unstructurer`            a fast function back
`read` `explain`          the slow way, with every fault named at once
`Faulty` `did_you_mean`   how faults are told
========================  =====================================================================

>>> dumps({"b": "读书", "a": 1}).decode()
'{"a":1,"b":"读书"}'
"""

from groupcore.wire.faults import Faulty, Wrong, did_you_mean, faults_of, found, join
from groupcore.wire.jsontext import dumps, dumps_plain, glance, loads, loads_both, pack, unpack
from groupcore.wire.shapes import explain, key_of, keys, read, structurer, unstructurer

__all__ = [
    "Faulty",
    "Wrong",
    "did_you_mean",
    "dumps",
    "dumps_plain",
    "explain",
    "faults_of",
    "found",
    "glance",
    "join",
    "key_of",
    "keys",
    "loads",
    "loads_both",
    "pack",
    "read",
    "structurer",
    "unpack",
    "unstructurer",
]
