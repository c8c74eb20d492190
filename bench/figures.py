"""Measurements: samples, their statistics, and how they are printed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles


@dataclass(frozen=True)
class Series:
    """Samples of one thing, in one unit."""

    name: str
    unit: str
    samples: Sequence[float]

    @property
    def median(self) -> float:
        return median(self.samples)

    @property
    def p95(self) -> float:
        """The 95th percentile; of a single sample, that one."""
        if len(self.samples) == 1:
            return self.samples[0]
        return quantiles(self.samples, n=20, method="inclusive")[-1]

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.name,
            "unit": self.unit,
            "median": self.median,
            "p95": self.p95,
            "runs": len(self.samples),
            "samples": list(self.samples),
        }


@dataclass(frozen=True)
class Target:
    """What a figure is to be: at least or at most a value."""

    value: float
    at_least: bool = False

    def is_met(self, value: float) -> bool:
        return value >= self.value if self.at_least else value <= self.value

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {_number(self.value)}"


@dataclass(frozen=True)
class Figure:
    """One figure, its target if it has one, and the series it was made of."""

    title: str
    value: float
    unit: str
    target: Target | None = None
    parts: Sequence[Series] = ()
    remarks: Sequence[str] = field(default_factory=tuple)

    @property
    def is_met(self) -> bool:
        return self.target is None or self.target.is_met(self.value)

    def as_json(self) -> dict[str, object]:
        return {
            "title": self.title,
            "value": self.value,
            "unit": self.unit,
            "target": str(self.target) if self.target else None,
            "met": self.is_met,
            "parts": [part.as_json() for part in self.parts],
            "remarks": list(self.remarks),
        }

    def lines(self) -> Iterable[str]:
        """For people."""
        verdict = ""
        if self.target is not None:
            met = "met" if self.is_met else "MISSED"
            verdict = f"   target {self.target}: {met}"
        yield f"{self.title}: {_number(self.value)} {self.unit}{verdict}".rstrip()
        width = max((len(part.name) for part in self.parts), default=0)
        if self.parts:
            yield f"    {'':{width}} {'median':>10} {'p95':>10}   runs"
        for part in self.parts:
            numbers = f"{_number(part.median):>10} {_number(part.p95):>10}"
            runs = f"{len(part.samples):<5} {part.unit}"
            yield f"    {part.name:{width}} {numbers}   {runs}".rstrip()
        yield from (f"    {remark}" for remark in self.remarks)


def ratios(name: str, ours: Series, theirs: Series) -> Series:
    """Ours by theirs, round by round: what slows both in a round falls out."""
    pairs = zip(ours.samples, theirs.samples, strict=True)
    return Series(name, "", [our / their for our, their in pairs])


def _number(value: float) -> str:
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 100 else f"{value:.3g}"
