"""What the outline shows of each element: name, indices, unit, description, and the gravest problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest

from solvitur.gui.understand.outline.blocks import kind_of
from solvitur.gui.understand.positions import Lines
from solvitur.gui.understand.reading import Reading
from solvitur.language.elements import Binder, Element, Expr, ParamElement, SetElement
from solvitur.problem.findings import Finding, Severity


@dataclass(frozen=True)
class Group:
    """One of the five elements: its title, the word for a single one, and its icon."""

    title: str
    word: str
    icon: str
    hint: str


GROUPS = (
    Group("Sets", "set", "set", "what the model counts over, such as plants or days"),
    Group("Parameters", "parameter", "param", "what is known, such as costs or demands"),
    Group("Variables", "variable", "var", "what is to be decided"),
    Group("Objective", "objective", "objective", "what makes an answer good"),
    Group("Constraints", "constraint", "constraint", "what every answer must obey"),
)


@dataclass(frozen=True)
class Row:
    """One element as a line of the outline."""

    name: str
    signature: str
    unit: str
    description: str
    severity: str = ""
    problem: str = ""

    @property
    def tip(self) -> str:
        """All of it, for the tool tip."""
        lines = [f"{self.name}{self.signature}" + (f"   {self.unit}" if self.unit else ""), self.description]
        return "\n".join(line for line in (*lines, self.problem) if line)


def rows_of(reading: Reading, findings: Mapping[str, Finding]) -> tuple[tuple[Row, ...], ...]:
    """Returns the rows of the five groups."""
    groups: list[list[Row]] = [[] for _ in GROUPS]
    for element in reading.model.elements:
        finding = findings.get(element.name)
        severity, problem = (str(finding.severity), finding.text) if finding else ("", "")
        signature = signature_of(reading.text, element)
        unit = getattr(element, "unit", "")
        groups[kind_of(element)].append(Row(element.name, signature, unit, element.description, severity, problem))
    return tuple(tuple(group) for group in groups)


def settled(groups: tuple[tuple[Row, ...], ...], before: tuple[tuple[Row, ...], ...]) -> tuple[tuple[Row, ...], ...]:
    """Returns the rows with those kept that did not change, so that comparing them afterwards takes no time."""
    if len(before) != len(groups):
        return groups
    return tuple(
        tuple(was if was == row else row for row, was in zip_longest(group, old[: len(group)]))
        for group, old in zip(groups, before, strict=True)
    )


def gravest(reading: Reading, findings: tuple[Finding, ...], file: str = "") -> dict[str, Finding]:
    """Returns the gravest finding of each element, by the element it names or the lines it points at."""
    rank = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
    lines = Lines(reading.text)
    spans = [(e.span.start, e.span.end, e.name) for e in reading.model.elements]
    names = {name for _, _, name in spans}
    worst: dict[str, Finding] = {}
    for finding in findings:
        name = ""
        if finding.place.line and finding.place.file in ("", file):
            at = lines.offset(finding.place.line, finding.place.column)
            name = next((n for start, end, n in spans if start <= at <= end), "")
        name = name or finding.element.partition("[")[0]
        if name in names and (name not in worst or rank[finding.severity] < rank[worst[name].severity]):
            worst[name] = finding
    return worst


def signature_of(text: str, element: Element) -> str:
    """Returns an element's indices as the text has them: ``[p in Plants, m in Markets]``; empty without."""
    inside = indices_of(text, element)
    if inside:
        return f"[{inside}]"
    if isinstance(element, SetElement) and element.within is not None:
        return f" within {slice_of(text, element.within)}"
    if isinstance(element, ParamElement) and element.value is not None:
        return f" = {slice_of(text, element.value)}"
    return ""


def indices_of(text: str, element: Element) -> str:
    """Returns what stands between the brackets of a declaration."""
    binders: tuple[Binder, ...] = getattr(element, "binders", ())
    condition: Expr | None = getattr(element, "condition", None)
    if not binders:
        return ""
    inside = _one_line(text[binders[0].span.start : binders[-1].span.end])
    return f"{inside} if {slice_of(text, condition)}" if condition is not None else inside


def slice_of(text: str, part: Expr | None) -> str:
    """Returns an expression as the text has it, on one line."""
    return "" if part is None else _one_line(text[part.span.start : part.span.end])


def _one_line(text: str) -> str:
    return " ".join(text.split()) if "\n" in text and "#" not in text else text
