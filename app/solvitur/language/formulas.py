"""Elements as mathematical formulas, in the part of LaTeX that ziamath draws and any LaTeX sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from solvitur.language.elements import (
    Binder,
    ConstraintElement,
    Domain,
    Element,
    Expr,
    Model,
    ObjectiveElement,
    ParamElement,
    Ref,
    SetElement,
    VarElement,
)
from solvitur.language.formula_expressions import formula, set_formula
from solvitur.language.formula_words import name_latex

_FOR_ALL = r" \quad \forall\, "


def to_latex(element: Element) -> str:
    """Returns the formula of one element."""
    if isinstance(element, SetElement):
        return _set(element)
    if isinstance(element, ParamElement):
        return _param(element)
    if isinstance(element, VarElement):
        return _var(element)
    return _objective(element) if isinstance(element, ObjectiveElement) else _constraint(element)


def model_to_latex(model: Model) -> str:
    """Returns a whole model as one aligned display: objectives first, then constraints, then the variables."""
    shown: list[Element] = [*model.objectives, *model.constraints, *model.variables]
    rows = [to_latex(element) for element in shown]
    return "\\begin{aligned}\n" + " \\\\\n".join(f"& {row}" for row in rows) + "\n\\end{aligned}"


def quantifier(binders: Sequence[Binder], condition: Expr | None) -> str:
    """Returns ``p \\in P, m \\in M : condition``, every binder with an index of its own."""
    parts = [f"{_indices(binder.names)} \\in {set_formula(binder.over)}" for binder in binders]
    text = r",\; ".join(parts)
    return text + (r" \,:\, " + formula(condition) if condition is not None else "")


def _indices(names: Sequence[str]) -> str:
    latex = [name_latex(name) for name in names]
    return latex[0] if len(latex) == 1 else rf"\left({', '.join(latex)}\right)"


def with_indices(binders: Sequence[Binder]) -> tuple[Binder, ...]:
    """Gives binders without index names some: the first letter of their set, made different where needed."""
    taken = {name for binder in binders for name in binder.names}
    named = []
    for binder in binders:
        if not binder.names:
            name = _fresh(_first_letter(binder.over), taken)
            taken.add(name)
            binder = replace(binder, names=(name,))
        named.append(binder)
    return tuple(named)


def _first_letter(over: Expr) -> str:
    return over.name[0].lower() if isinstance(over, Ref) else "i"


def _fresh(letter: str, taken: set[str]) -> str:
    later = [chr(code) for code in range(ord(letter) + 1, ord("z") + 1)] if "a" <= letter <= "z" else []
    numbered = (f"{letter}{number}" for number in range(1, len(taken) + 2))
    return next(name for name in (letter, *later, *numbered) if name not in taken)


def _head(name: str, binders: Sequence[Binder]) -> str:
    indices = [name_latex(index) for binder in binders for index in binder.names]
    return name_latex(name) + (f"_{{{', '.join(indices)}}}" if indices else "")


def _set(element: SetElement) -> str:
    text = name_latex(element.name)
    if element.within is not None:
        text += rf" \subseteq {set_formula(element.within)}"
    if element.value is not None:
        text += r",\quad " + name_latex(element.name) if element.within is not None else ""
        text += f" = {set_formula(element.value)}"
    return text


def _for_all(binders: Sequence[Binder], condition: Expr | None) -> str:
    return _FOR_ALL + quantifier(binders, condition) if binders else ""


def _param(element: ParamElement) -> str:
    binders = with_indices(element.binders)
    head = _head(element.name, binders)
    parts = []
    if element.value is not None:
        parts.append(f"{head} = {formula(element.value)}")
    signs = ("<" if element.lower_strict else r"\le", "<" if element.upper_strict else r"\le")
    parts.extend(_range_and_domain(head, element, signs))
    return r",\; ".join(parts or [head]) + _for_all(binders, element.condition)


def _var(element: VarElement) -> str:
    binders = with_indices(element.binders)
    head = _head(element.name, binders)
    if element.domain is Domain.SEMI_CONTINUOUS:
        bounded = _bounded(head, element.lower, element.upper, (r"\le", r"\le")) or rf"{head} \in \mathbb{{R}}"
        return rf"{head} = 0 \;\vee\; {bounded}" + _for_all(binders, element.condition)
    parts = _range_and_domain(head, element, (r"\le", r"\le"))
    return r",\; ".join(parts or [rf"{head} \in \mathbb{{R}}"]) + _for_all(binders, element.condition)


def _range_and_domain(head: str, element: ParamElement | VarElement, signs: tuple[str, str]) -> list[str]:
    if element.domain is Domain.BINARY:
        return [rf"{head} \in \left\{{0, 1\right\}}"]
    parts = []
    bounded = _bounded(head, element.lower, element.upper, signs)
    if bounded:
        parts.append(bounded)
    if element.domain is Domain.INTEGER:
        parts.append(rf"{head} \in \mathbb{{Z}}")
    return parts


def _bounded(head: str, lower: Expr | None, upper: Expr | None, signs: tuple[str, str]) -> str:
    if lower is not None and upper is not None:
        return f"{formula(lower)} {signs[0]} {head} {signs[1]} {formula(upper)}"
    if lower is not None:
        return f"{head} {'>' if signs[0] == '<' else chr(92) + 'ge'} {formula(lower)}"
    return f"{head} {signs[1]} {formula(upper)}" if upper is not None else ""


def _objective(element: ObjectiveElement) -> str:
    return rf"\{element.sense} \;\; {formula(element.body)}"


def _constraint(element: ConstraintElement) -> str:
    text = formula(element.body)
    if element.soft is not None:
        text += rf" \quad \left(\text{{soft: }} {formula(element.soft)}\right)"
    binders = with_indices(element.binders)
    return text + _for_all(binders, element.condition)
