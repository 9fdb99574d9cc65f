"""Checks a model without its data: names, indices, roles, cycles, degrees; every finding points into the text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from solvitur.language.cycles import find_cycle
from solvitur.language.elements import (
    Compare,
    ConstraintElement,
    DataEntry,
    Element,
    Expr,
    Model,
    Number,
    ObjectiveElement,
    ParamElement,
    SetElement,
    Span,
    VarElement,
)
from solvitur.language.faults import Places
from solvitur.language.judging import Judge
from solvitur.language.judging_wants import Scope
from solvitur.language.lexing import NAME
from solvitur.language.names_used import names_in
from solvitur.language.natures import CONSTANT, LINEAR, LOGICAL, NONLINEAR, QUADRATIC, Nature
from solvitur.language.symbols import ROLE_TITLES, Shapes, Symbol, binders_of, role_of, symbols_of
from solvitur.language.words import nearest
from solvitur.problem.findings import Finding, Severity

__all__ = ["CONSTANT", "LINEAR", "LOGICAL", "NONLINEAR", "QUADRATIC", "Checked", "Symbol", "check"]

MAX_FINDINGS = 500
"""Most findings that are told about one model."""


@dataclass(frozen=True)
class Checked:
    """What is wrong or doubtful in a model, the degree of every objective and constraint, and all its names."""

    findings: tuple[Finding, ...]
    degree: Mapping[str, int]
    """By name of objective or constraint: ``CONSTANT``, ``LINEAR``, ``QUADRATIC``, ``NONLINEAR`` or ``LOGICAL``."""
    symbols: Mapping[str, Symbol]


def check(model: Model, text: str, file: str = "") -> Checked:
    """Checks a model that was parsed from ``text``."""
    return _Check(model, text, file).run()


class _Check:
    """Collects the findings of one model."""

    def __init__(self, model: Model, text: str, file: str) -> None:
        self._model = model
        self._text = text
        self._places = Places(text, file)
        self._findings: list[Finding] = []
        self._element = ""
        shapes = Shapes(model)
        self._symbols = symbols_of(model, shapes)
        self._judge = Judge(model, self._symbols, shapes, text, self._report)
        self._degrees: dict[str, int] = {}
        self._indices: dict[str, Symbol] = {}
        self._unread = _unread(model, text)
        self._unread_words = frozenset(re.findall(NAME, self._unread))

    def run(self) -> Checked:
        """Checks everything."""
        self._check_duplicates()
        for element in self._model.elements:
            self._element = element.name
            self._check_element(element)
        self._check_cycles()
        self._check_data()
        self._check_whole()
        symbols = {**self._indices, **self._symbols}
        if len(self._findings) > MAX_FINDINGS:
            more = Finding(Severity.INFO, f"There are more findings; these are the first {MAX_FINDINGS}.")
            self._findings[MAX_FINDINGS:] = [replace(more, place=self._places.place(0, 0))]
        return Checked(tuple(self._findings), self._degrees, symbols)

    # Reports -------------------------------------------------------------------------------------------------

    def _report(self, severity: Severity, sentence: str, span: Span, fix: str = "") -> None:
        if len(self._findings) > MAX_FINDINGS:
            return
        if sentence.startswith("There is no '") and self._is_broken_elsewhere(sentence):
            return
        finding = Finding(severity, sentence, self._element, self._places.of(span), fix)
        if finding not in self._findings[-3:]:
            self._findings.append(finding)

    def _is_broken_elsewhere(self, sentence: str) -> bool:
        """Tells whether the unknown name is declared by a statement that could not be read."""
        name = sentence.split("'")[1]
        if name not in self._unread_words:
            return False
        name = re.escape(name)
        return bool(re.search(rf"\b(?:set|param|let|var)[ \t]+{name}\b", self._unread))

    # Elements ------------------------------------------------------------------------------------------------

    def _check_duplicates(self) -> None:
        first: dict[str, Element] = {}
        for element in self._model.elements:
            self._element = element.name
            if element.name in first:
                line = self._places.of(first[element.name].name_span).line
                title = ROLE_TITLES[role_of(first[element.name])]
                sentence = f"The name '{element.name}' is taken by the {title} in line {line}; choose another."
                self._report(Severity.ERROR, sentence, element.name_span)
            first.setdefault(element.name, element)

    def _check_element(self, element: Element) -> None:
        if isinstance(element, SetElement):
            self._check_set(element)
            return
        scope = self._judge.bind(binders_of(element), getattr(element, "condition", None), {})
        for binder in binders_of(element):
            for name in binder.names:
                arity = scope[name].width
                self._indices.setdefault(name, Symbol(name, "index", arity, element, scope[name].factors))
        if isinstance(element, ObjectiveElement):
            self._check_objective(element)
        elif isinstance(element, ConstraintElement):
            self._check_constraint(element, scope)
        else:
            self._check_values(element, scope)

    def _check_set(self, element: SetElement) -> None:
        shapes = []
        for expr in (element.within, element.value):
            if expr is not None:
                met = len(self._judge.variables)
                shapes.append(self._judge.members(expr, {}))
                self._judge.refuse_variables(met, "A set")
        if len(shapes) == 2 and shapes[0].width and shapes[1].width and shapes[0].width != shapes[1].width:
            sentence = (
                f"The members of '{element.name}' have {shapes[1].width} labels each, "
                f"those of the set after 'within' {shapes[0].width}."
            )
            self._report(Severity.ERROR, sentence, element.value.span if element.value else element.span)

    def _check_values(self, element: ParamElement | VarElement, scope: Scope) -> None:
        what = "bound of a variable" if isinstance(element, VarElement) else "bound"
        self._data_number(element.lower, scope, f"The lower {what}")
        self._data_number(element.upper, scope, f"The upper {what}")
        low, high = element.lower, element.upper
        if isinstance(low, Number) and isinstance(high, Number) and low.value > high.value:
            self._report(Severity.ERROR, f"The bounds of '{element.name}' exclude every value.", high.span)
        if isinstance(element, ParamElement):
            self._data_number(element.default, scope, "A default")
            self._data_number(element.value, scope, "A parameter")

    def _data_number(self, expr: Expr | None, scope: Scope, where: str) -> None:
        if expr is not None:
            self._judge.data_only(expr, scope, self._judge.number, where)

    def _check_objective(self, element: ObjectiveElement) -> None:
        met = len(self._judge.variables)
        degree = self._judge.number(element.body, {})
        self._note_degree(element, degree)
        if len(self._judge.variables) == met:
            sentence = f"The objective '{element.name}' has no variable: every answer is as good as any other."
            self._report(Severity.WARNING, sentence, element.body.span)

    def _check_constraint(self, element: ConstraintElement, scope: Scope) -> None:
        met, body = len(self._judge.variables), element.body
        found = self._judge.judge(body, scope)
        if found.nature not in (Nature.CONDITION, Nature.UNKNOWN):
            sentence = f"The constraint '{element.name}' compares nothing: it needs <=, >= or ==."
            self._report(Severity.ERROR, sentence, body.span)
        self._note_degree(element, found.degree)
        if isinstance(body, Compare):
            self._check_relation(element, body, found.degree)
        if len(self._judge.variables) == met and found.nature is Nature.CONDITION:
            sentence = f"The constraint '{element.name}' has no variable: it is true or false by the data alone."
            self._report(Severity.WARNING, sentence, body.span)
        if element.soft is not None:
            self._data_number(element.soft, scope, "A penalty")

    def _check_relation(self, element: ConstraintElement, body: Compare, degree: int) -> None:
        for position, op in enumerate(body.ops):
            span = self._operator_span(body, position, op)
            if op in ("<", ">") and degree != CONSTANT:
                sentence = f"A constraint cannot be strict: use '{op}=' instead of '{op}'."
                self._report(Severity.ERROR, sentence, span, f"{op}=")
            elif op == "!=" and degree != CONSTANT:
                self._degrees[element.name] = LOGICAL
        ups = {op[0] for op in body.ops if op[0] in "<>"}
        if len(ups) > 1:
            sentence = "The two comparisons point in opposite directions; write them as two constraints."
            self._report(Severity.WARNING, sentence, body.span)

    def _operator_span(self, body: Compare, position: int, op: str) -> Span:
        start = body.operands[position].span.end
        at = self._text.find(op, start, body.operands[position + 1].span.start)
        return Span(at, at + len(op)) if at >= 0 else body.span

    def _note_degree(self, element: ObjectiveElement | ConstraintElement, degree: int) -> None:
        self._degrees[element.name] = degree
        if degree == NONLINEAR and self._judge.reasons:
            part, span = self._judge.reasons[0]
            self._report(Severity.INFO, f"'{element.name}' is neither linear nor quadratic because of {part}.", span)
        self._judge.reasons.clear()

    # The whole model -----------------------------------------------------------------------------------------

    def _check_cycles(self) -> None:
        uses = {e.name: _data_names(e) for e in self._model.elements if isinstance(e, SetElement | ParamElement)}
        for cycle in find_cycle(uses):
            element = self._symbols[cycle[0]].element
            self._element = element.name
            if len(cycle) == 1:
                sentence = f"'{cycle[0]}' is defined through itself."
            else:
                path = " -> ".join(f"'{name}'" for name in (*cycle, cycle[0]))
                sentence = f"These are defined through each other, so none can be computed: {path}."
            self._report(Severity.ERROR, sentence, element.name_span)

    def _check_data(self) -> None:
        seen: set[str] = set()
        for entry in self._model.data:
            self._element = entry.name
            if entry.name in seen:
                self._report(Severity.ERROR, f"The data of '{entry.name}' is given twice.", entry.name_span)
            seen.add(entry.name)
            self._check_entry(entry)

    def _check_entry(self, entry: DataEntry) -> None:
        symbol = self._symbols.get(entry.name)
        if symbol is None:
            known = [name for name, s in self._symbols.items() if s.role in ("set", "param")]
            meant = nearest(entry.name, known)
            hint = f" Did you mean '{meant}'?" if meant else " Declare it with set or param."
            sentence = f"There is no '{entry.name}' that takes data.{hint}"
            self._report(Severity.ERROR, sentence, entry.name_span, meant)
        elif symbol.role not in ("set", "param"):
            sentence = f"'{entry.name}' is {_article(symbol.role)} {ROLE_TITLES[symbol.role]} and takes no data."
            self._report(Severity.ERROR, sentence, entry.name_span)
        elif isinstance(symbol.element, SetElement | ParamElement) and symbol.element.value is not None:
            line = self._places.of(symbol.element.name_span).line
            sentence = f"'{entry.name}' is computed in line {line}, so it takes no data."
            self._report(Severity.ERROR, sentence, entry.name_span)

    def _check_whole(self) -> None:
        for element in self._model.elements:
            self._element = element.name
            if element.name in self._judge.used or isinstance(element, ObjectiveElement | ConstraintElement):
                continue
            if element.name in self._unread_words:
                continue
            title = ROLE_TITLES[role_of(element)]
            # Data without use may be there for the pictures, such as coordinates; a variable without use is a slip.
            severity = Severity.WARNING if isinstance(element, VarElement) else Severity.INFO
            self._report(severity, f"The {title} '{element.name}' is used nowhere.", element.name_span)
        self._element = ""
        if self._model.variables and not self._model.objectives and not self._lost_objective():
            sentence = "There is no objective: any answer that meets the constraints will do."
            self._report(Severity.INFO, sentence, Span(len(self._text), len(self._text)))

    def _lost_objective(self) -> bool:
        """Tells whether an objective stands in the text but could not be read."""
        return bool(re.search(r"\b(?:minimi[sz]e|maximi[sz]e)\b", self._unread))


def _unread(model: Model, text: str) -> str:
    """Returns the statements that could not be read, so that their names do not count as unknown or unused."""
    rest, at = [], 0
    spans = sorted((item.span.start, item.span.end) for item in (*model.elements, *model.data))
    for start, end in spans:
        rest.append(text[at:start])
        at = max(at, end)
    rest.append(text[at:])
    return re.sub(r"#[^\n]*", "", "\n".join(rest))


def _data_names(element: SetElement | ParamElement) -> frozenset[str]:
    """Returns the names that must be known before the element can be."""
    if isinstance(element, SetElement):
        return names_in((), element.within, element.value)
    return names_in(element.binders, element.condition, element.lower, element.upper, element.default, element.value)


def _article(role: str) -> str:
    return "an" if role in ("objective", "index") else "a"
