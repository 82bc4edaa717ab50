"""Facts and verdicts: what happened, and what was decided about it.

============== =======================================================================
`facts`        what was observed, and what people did
`verdicts`     what was decided
`identity`     what makes two facts the same fact
`codec`        events to rows and back; `lines` reads and writes them as text
`row`          how an event lies in a store, and the chain of digests
`upcasting`    old payloads, read for ever
============== =======================================================================
"""

from groupcore.events.base import Event, Fact, VerdictEvent, event_class, event_types
from groupcore.events.codec import Opaque, Recorded, data_of, decode, encode, fact_types, to_wire
from groupcore.events.facts import (
    AppealDecided,
    AppealFiled,
    GroupOpened,
    GroupRenamed,
    ImportConflict,
    MemberJoined,
    MemberLeft,
    MemberRemoved,
    MemberRenamed,
    MessageEdited,
    MessagePosted,
    MessageRevoked,
    OwnerChanged,
    PersonBlocked,
    PersonUnblocked,
    RoleGranted,
    RoleRevoked,
    RulebookAdopted,
    SanctionLifted,
    SanctionOrdered,
    TimeAdvanced,
)
from groupcore.events.identity import fact_id, identify, new_fact
from groupcore.events.lines import fact_from, read_fact, read_row, write_row
from groupcore.events.row import NO_HEAD, Head, Row, chain_digest, problem_with, seal
from groupcore.events.verdicts import (
    FindingRecorded,
    MemberBlocked,
    MemberKicked,
    MemberMuted,
    MemberUnblocked,
    MemberUnmuted,
    MemberWarned,
    MessageDeleted,
    RuleAbstained,
    SanctionVoided,
    StatementPosted,
    StrikeRecorded,
    StrikeVoided,
)

__all__ = [
    "NO_HEAD",
    "AppealDecided",
    "AppealFiled",
    "Event",
    "Fact",
    "FindingRecorded",
    "GroupOpened",
    "GroupRenamed",
    "Head",
    "ImportConflict",
    "MemberBlocked",
    "MemberJoined",
    "MemberKicked",
    "MemberLeft",
    "MemberMuted",
    "MemberRemoved",
    "MemberRenamed",
    "MemberUnblocked",
    "MemberUnmuted",
    "MemberWarned",
    "MessageDeleted",
    "MessageEdited",
    "MessagePosted",
    "MessageRevoked",
    "Opaque",
    "OwnerChanged",
    "PersonBlocked",
    "PersonUnblocked",
    "Recorded",
    "RoleGranted",
    "RoleRevoked",
    "Row",
    "RuleAbstained",
    "RulebookAdopted",
    "SanctionLifted",
    "SanctionOrdered",
    "SanctionVoided",
    "StatementPosted",
    "StrikeRecorded",
    "StrikeVoided",
    "TimeAdvanced",
    "VerdictEvent",
    "chain_digest",
    "data_of",
    "decode",
    "encode",
    "event_class",
    "event_types",
    "fact_from",
    "fact_id",
    "fact_types",
    "identify",
    "new_fact",
    "problem_with",
    "read_fact",
    "read_row",
    "seal",
    "to_wire",
    "write_row",
]
