"""What a run of the quotes' bench has seen; it needs no Django, so that the bench's launcher can add two up."""

from collections import Counter
from dataclasses import dataclass, field, fields


@dataclass
class Report:
    days: int
    ticks: int = 0
    planned: int = 0  # by the calendar alone
    refreshes: int = 0
    requests: int = 0
    crumbs: int = 0
    paused_s: float = 0
    faults: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    blank: int = 0
    untrue: list[str] = field(default_factory=list)
    exceptions: list[str] = field(default_factory=list)
    closes: int = 0
    points: int = 0
    extra: list[str] = field(default_factory=list)

    def __add__(self, other: "Report") -> "Report":
        return Report(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    def table(self) -> str:
        rows = [
            ("simulated days", self.days),
            ("ticks of the clock", self.ticks),
            ("refreshes by the calendar", self.planned),
            ("refreshes made", self.refreshes),
            ("  held by the breaker, minutes in which one was due", round(self.paused_s / 60)),
            ("requests for quotes", self.requests),
            ("refreshes with more than one, or one more for a fault", len(self.extra)),
            ("requests for cookie and crumb", self.crumbs),
            ("refreshes with a fault", self.faults.total()),
            *[(f"  {kind}", count) for kind, count in sorted(self.faults.items())],
            *[(f"ticks that read “{words}”", count) for words, count in self.labels.most_common()],
            ("daily closes kept", self.closes),
            ("points kept", self.points),
            ("blank strips", self.blank),
            ("labels or values that were untrue", len(self.untrue)),
            ("uncaught exceptions", len(self.exceptions)),
        ]
        return "\n".join(f"{name:<56}{value:>10,}" for name, value in rows)
