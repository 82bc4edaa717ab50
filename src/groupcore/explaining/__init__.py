"""Why: from a message, a member or a verdict back to facts, rule, strikes and rung, and what would have changed it."""

from groupcore.explaining.changes import Change, Outcome
from groupcore.explaining.explanation import Climb, Decision, Explanation, Sequel
from groupcore.explaining.subject import Subject, SubjectKind
from groupcore.explaining.telling import explain

__all__ = ["Change", "Climb", "Decision", "Explanation", "Outcome", "Sequel", "Subject", "SubjectKind", "explain"]
