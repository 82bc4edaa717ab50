"""The naive model of reports and cases: a report opens a case, joins one, or changes nothing."""

from __future__ import annotations

from groupcore.testing.history import Line, is_before
from groupcore.testing.model import verdict
from groupcore.testing.record import Record


class Casework(Record):
    """What follows from a report, and where a case stands."""

    def _on_report(self, line: Line) -> list[Line]:
        """One case for each member and message; what is not heard, or said twice, changes nothing."""
        group, data = line["group"], line["data"]
        who = {"member": data["member"]}
        if self.is_unheard(group, data["reporter"], line["at"]):
            return [verdict(line, "report-ignored", **who, because="muted")]
        about = (data["member"], data.get("message"))
        waiting = [old for old in self.cases(group) if (old["data"]["member"], old["data"].get("message")) == about]
        waiting = [old for old in waiting if self.status(old) != "closed"]
        if not waiting:
            return [verdict(line, "case-opened", **who, case=line["id"], message=data.get("message"))]
        reports = self.reports(waiting[0])
        if data["reporter"] in [report["data"]["reporter"] for report in reports]:
            return [verdict(line, "report-ignored", **who, because="reported-before")]
        case = waiting[0]["data"]["case"]
        return [verdict(line, "case-joined", **who, case=case, reports=len(reports) + 1)]

    def is_unheard(self, group: str | None, reporter: str, at: int) -> bool:
        """Whether reports of somebody change nothing at a time, here or anywhere."""
        said = [self.muting(place, reporter) for place in (group, None)]
        return any(line is not None and is_before(at, line["data"].get("until")) for line in said)

    def muting(self, group: str | None, reporter: str) -> Line | None:
        """The last word that reports of somebody change nothing, if they are not heard again since."""
        last = None
        for line in self.history.all(group, "reporter-muted", "reporter-unmuted"):
            if line["data"]["reporter"] == reporter:
                last = line if line["type"] == "reporter-muted" else None
        return last

    def cases(self, group: str) -> list[Line]:
        """The cases of a group, by the verdicts that opened them."""
        return self.history.all(group, "case-opened")

    def case(self, group: str, id: str) -> Line | None:
        """The case of that id."""
        return next((line for line in self.cases(group) if line["data"]["case"] == id), None)

    def reports(self, case: Line) -> list[Line]:
        """The reports of a case: that which opened it, and those that joined."""
        said = [case, *(line for line in self.history.all(case["group"], "case-joined") if _is_of(case, line))]
        ids = [line["cause"] for line in said]
        return [line for line in self.history.all(case["group"], "report-filed") if line["id"] in ids]

    def status(self, case: Line) -> str:
        """Open, acknowledged, escalated or closed; from escalated the only way out is to close it."""
        status = "open"
        for line in self.history.all(case["group"], "case-acknowledged", "case-escalated", "case-closed"):
            if not _is_of(case, line) or status == "closed":
                continue
            if line["type"] != "case-acknowledged" or status == "open":
                status = line["type"].removeprefix("case-")
        return status

    def false_reports(self, group: str, reporter: str) -> int:
        """How many reports of somebody were found to be false."""
        closed = [line for line in self.history.all(group, "case-closed") if line["data"]["outcome"] == "false-report"]
        names = dict.fromkeys(line["data"]["case"] for line in closed)
        reports = [
            report for name in names for case in [self.case(group, name)] if case for report in self.reports(case)
        ]
        return len([report for report in reports if report["data"]["reporter"] == reporter])


def _is_of(case: Line, line: Line) -> bool:
    return bool(line["data"]["case"] == case["data"]["case"])
