"""Forms as text: the fields of each kind of element, and the declaration that filled fields make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from solvitur.gui.understand.outline.blocks import insert, replace_declaration
from solvitur.gui.understand.positions import Lines
from solvitur.gui.understand.reading import Reading, read
from solvitur.language.elements import (
    ConstraintElement,
    Domain,
    Element,
    Expr,
    ObjectiveElement,
    ParamElement,
    SetElement,
    Span,
    VarElement,
)
from solvitur.language.lexing import quote
from solvitur.language.names import rename
from solvitur.language.parsing import parse
from solvitur.language.printing import expression_text, indices_text, statement_text
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Finding, Severity

SET, PARAM, VAR, OBJECTIVE, CONSTRAINT = range(5)
Values = Mapping[str, str]


@dataclass(frozen=True)
class Field:
    """One field of a form: its key, title, what belongs there, and for choices the words with their titles."""

    key: str
    title: str
    hint: str = ""
    code: bool = True
    long: bool = False
    choices: tuple[tuple[str, str], ...] = ()


_NAME = Field("name", "Name", "a word such as ship")
_INDEX = Field("index", "Index", "p in Plants, m in Markets")
_LOWER = Field("lower", "At least", "0")
_UPPER = Field("upper", "At most", "no limit")
_UNIT = Field("unit", "Unit", "such as kg or €/pallet", code=False)
_DESCRIPTION = Field("description", "Description", "what it is, in your words", code=False)
_NUMBERS = (("continuous", "any number"), ("integer", "whole numbers"), ("binary", "0 or 1"))

FIELDS: tuple[tuple[Field, ...], ...] = (
    (
        _NAME,
        Field("within", "Within", "Nodes * Nodes"),
        Field("value", "Members", "data, or 1..T, or {a, b}"),
        _DESCRIPTION,
    ),
    (
        _NAME,
        Field("index", "Index", "Plants, Markets"),
        Field("domain", "Values", choices=_NUMBERS),
        _LOWER,
        _UPPER,
        Field("default", "If missing", "must be given"),
        Field("value", "Computed as", "from data"),
        _UNIT,
        _DESCRIPTION,
    ),
    (
        _NAME,
        _INDEX,
        Field("domain", "Values", choices=(*_NUMBERS, ("semicontinuous", "0 or within bounds"))),
        _LOWER,
        _UPPER,
        _UNIT,
        _DESCRIPTION,
    ),
    (
        _NAME,
        Field("sense", "Goal", choices=(("min", "as small as possible"), ("max", "as large as possible"))),
        Field("body", "Expression", "sum(cost[p, m] * ship[p, m] for p in Plants for m in Markets)", long=True),
        _UNIT,
        _DESCRIPTION,
    ),
    (
        _NAME,
        _INDEX,
        Field("body", "Must hold", "sum(ship[p, m] for m in Markets) <= supply[p]", long=True),
        Field("soft", "If broken, costs", "must never be broken"),
        _UNIT,
        _DESCRIPTION,
    ),
)


@dataclass(frozen=True)
class Draft:
    """A declaration made from fields, and which characters came from which field."""

    text: str
    parts: tuple[tuple[int, int, str], ...]

    def field_at(self, offset: int) -> str:
        """Returns the field whose characters hold an offset, else the nearest one before it."""
        holding = [key for start, end, key in self.parts if start <= offset <= end]
        before = [key for start, _, key in self.parts if start <= offset]
        return (holding or before or ["name"])[-1]


@dataclass(frozen=True)
class Judged:
    """What applying a form would do: the new text, or the errors by field; ``element`` as it was read."""

    text: str = ""
    errors: Values = field(default_factory=dict)
    warnings: Values = field(default_factory=dict)
    element: Element | None = None
    name: str = ""


def values_of(element: Element) -> dict[str, str]:
    """Returns the fields of an element."""
    values = {"name": element.name, "description": element.description, "unit": getattr(element, "unit", "")}
    if isinstance(element, SetElement):
        values |= {"within": _shown(element.within), "value": _shown(element.value)}
    elif isinstance(element, ObjectiveElement):
        values |= {"sense": element.sense, "body": _shown(element.body)}
    else:
        values["index"] = indices_text(element.binders, element.condition)[1:-1]
    if isinstance(element, ParamElement | VarElement):
        values |= {"domain": element.domain.value, "upper": _shown(element.upper), "lower": _shown(element.lower)}
    if isinstance(element, ParamElement):
        strict = {"lower": element.lower_strict and "> ", "upper": element.upper_strict and "< "}
        values |= {key: f"{sign}{values[key]}" for key, sign in strict.items() if sign and values[key]}
        values |= {"default": _shown(element.default), "value": _shown(element.value)}
    if isinstance(element, ConstraintElement):
        values |= {"body": _shown(element.body), "soft": _shown(element.soft)}
    return values


def has_findings(reading: Reading, element: Element) -> bool:
    """Tells whether anything is said about the characters of an element."""
    lines = Lines(reading.text)
    places = (lines.offset(f.place.line, f.place.column) for f in reading.findings if f.place.line)
    return any(element.span.start <= at <= element.span.end for at in places)


def empty_values(kind: int, name: str) -> dict[str, str]:
    """Returns the fields of a new element."""
    values = {field.key: field.choices[0][0] if field.choices else "" for field in FIELDS[kind]}
    return values | {"name": name} | ({"lower": "0"} if kind in (PARAM, VAR) else {})


def compose(kind: int, values: Values) -> Draft:
    """Writes the declaration that fields make, as typed."""
    writer = _Writer(values)
    _WRITERS[kind](writer)
    return Draft(writer.text.strip(), tuple(writer.parts))


def judge(reading: Reading, kind: int, old_name: str, values: Values) -> Judged:
    """Reads and checks what a form says, in the place where it would stand.

    ``old_name`` is the element that the form changes; empty for a new one.
    """
    draft = compose(kind, values)
    missing = {f.key: f"{f.title} is needed." for f in FIELDS[kind] if _needed(f.key) and not values[f.key].strip()}
    if missing:
        return Judged(errors=missing)
    alone = parse(draft.text)
    if alone.findings or not alone.model.elements:
        return Judged(errors=_by_field(draft, alone.findings, Lines(draft.text), 0, Severity.ERROR))
    element = alone.model.elements[0]
    old = reading.element(old_name) if old_name else None
    trial = (
        replace_declaration(reading.text, old, draft.text)
        if old
        else insert(reading.text, reading.model, kind, draft.text)
    )
    base = old.span.start if old else trial.index(draft.text)
    found = [f for f in read(trial).findings if _inside(f, trial, base, len(draft.text))]
    lines = Lines(trial)
    errors = _by_field(draft, found, lines, base, Severity.ERROR)
    warnings = _by_field(draft, found, lines, base, Severity.WARNING)
    if errors:
        return Judged(errors=errors, warnings=warnings, element=element)
    statement = statement_text(element)
    if old is None:
        changed = insert(reading.text, reading.model, kind, statement)
        return Judged(changed, {}, warnings, element, element.name)
    return _renamed(reading, old, element, statement, warnings)


def _renamed(reading: Reading, old: Element, element: Element, statement: str, warnings: Values) -> Judged:
    """Renames first, so that all uses follow, then replaces the declaration."""
    if element.name == old.name:
        changed = replace_declaration(reading.text, old, statement)
        return Judged(changed, {}, warnings, element, element.name)
    try:
        replacements = rename(reading.text, old.name, element.name)
    except InputError as error:
        return Judged(errors={"name": error.findings[0].text}, element=element)
    text = apply_replacements(reading.text, replacements)
    moved = parse(text).model.element(element.name)
    if moved is None:
        return Judged(errors={"name": f"'{element.name}' cannot be used as a name here."}, element=element)
    return Judged(replace_declaration(text, moved, statement), {}, warnings, element, element.name)


def apply_replacements(text: str, replacements: list[tuple[Span, str]]) -> str:
    """Returns a text with spans replaced by words."""
    for span, word in sorted(replacements, key=lambda r: r[0].start, reverse=True):
        text = text[: span.start] + word + text[span.end :]
    return text


def free_name(reading: Reading, kind: int) -> str:
    """Returns a name for a new element that is not taken."""
    stem = ("Items", "amount", "x", "goal", "limit")[kind]
    taken = {element.name for element in reading.model.elements} | set(reading.symbols)
    if stem not in taken:
        return stem
    return next(f"{stem}{n}" for n in range(2, len(taken) + 3) if f"{stem}{n}" not in taken)


class _Writer:
    """Puts a declaration together and remembers where each field went."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.text = ""
        self.parts: list[tuple[int, int, str]] = []

    def words(self, text: str) -> None:
        """Adds words of the language."""
        self.text += text

    def field(self, key: str, before: str = "", after: str = "", *, quoted: bool = False) -> None:
        """Adds a field's text between words, unless it is empty."""
        value = " ".join(self.values.get(key, "").split())
        if not value:
            return
        self.text += before
        start = len(self.text)
        self.text += quote(value) if quoted else value
        self.parts.append((start, len(self.text), key))
        self.text += after

    def bound(self, key: str, sign: str) -> None:
        """Adds a bound in brackets, so that any expression may stand there; a leading > or < makes it strict."""
        value = self.values.get(key, "").strip()
        strict = value[:1] == sign[0] and value[1:2] != "="
        inside = value.removeprefix(sign).removeprefix(sign[0]).strip() if strict or value.startswith(sign) else value
        if inside:
            start = len(self.text) + len(f" {sign[0] if strict else sign} (")
            self.text += f" {sign[0] if strict else sign} ({inside})"
            self.parts.append((start, start + len(inside), key))

    def domain(self) -> None:
        """Adds the domain unless it is the usual one."""
        value = self.values.get("domain", "")
        if value not in ("", Domain.CONTINUOUS.value):
            self.text += " "
            self.parts.append((len(self.text), len(self.text) + len(value), "domain"))
            self.text += value

    def ending(self) -> None:
        """Adds unit and description."""
        self.field("unit", " unit ", quoted=True)
        self.field("description", " ", quoted=True)


def _write_set(writer: _Writer) -> None:
    writer.field("name", "set ")
    writer.field("within", " within ")
    writer.field("value", " = ")
    writer.field("description", " ", quoted=True)


def _write_param(writer: _Writer) -> None:
    writer.field("name", "let " if writer.values.get("value", "").strip() else "param ")
    writer.field("index", "[", "]")
    writer.bound("lower", ">=")
    writer.bound("upper", "<=")
    writer.domain()
    writer.field("default", " default (", ")")
    writer.field("value", " = (", ")")
    writer.ending()


def _write_var(writer: _Writer) -> None:
    writer.field("name", "var ")
    writer.field("index", "[", "]")
    writer.bound("lower", ">=")
    writer.bound("upper", "<=")
    writer.domain()
    writer.ending()


def _write_objective(writer: _Writer) -> None:
    writer.words("maximize" if writer.values.get("sense") == "max" else "minimize")
    writer.field("name", " ", ": ")
    writer.field("body")
    writer.ending()


def _write_constraint(writer: _Writer) -> None:
    writer.field("name", "subject to ")
    writer.field("index", "[", "]")
    writer.field("body", ": ")
    writer.field("soft", " soft(", ")")
    writer.ending()


_WRITERS: tuple[Callable[[_Writer], None], ...] = (
    _write_set,
    _write_param,
    _write_var,
    _write_objective,
    _write_constraint,
)


def _needed(key: str) -> bool:
    return key in ("name", "body")


def _shown(expr: Expr | None) -> str:
    return "" if expr is None else expression_text(expr)


def _inside(finding: Finding, text: str, base: int, length: int) -> bool:
    if not finding.place.line:
        return False
    return base <= Lines(text).offset(finding.place.line, finding.place.column) <= base + length


def _by_field(
    draft: Draft, findings: list[Finding] | tuple[Finding, ...], lines: Lines, base: int, severity: Severity
) -> dict[str, str]:
    """Returns the first sentence for each field."""
    said: dict[str, str] = {}
    for finding in findings:
        if finding.severity is severity:
            at = lines.offset(finding.place.line, finding.place.column) - base
            said.setdefault(draft.field_at(at), finding.text)
    return said


def title_of(kind: int, name: str, *, new: bool) -> str:
    """Returns the name of the undo step."""
    word = ("set", "parameter", "variable", "objective", "constraint")[kind]
    return f"{'Add' if new else 'Change'} {word} '{name}'"
