"""How each of the five elements looks wherever it is listed: one icon and one colour each."""

from __future__ import annotations

from solvitur.language.elements import (
    ConstraintElement,
    Model,
    ObjectiveElement,
    ParamElement,
    SetElement,
    VarElement,
)

_ROLES: tuple[tuple[type, str, str, str], ...] = (
    (SetElement, "set", "set", "name_set"),
    (ParamElement, "parameter", "param", "name_param"),
    (VarElement, "variable", "var", "name_var"),
    (ObjectiveElement, "objective", "objective", "accent"),
    (ConstraintElement, "constraint", "constraint", "keyword"),
)
_ICONS = {role: icon for _, role, icon, _ in _ROLES} | {"data": "param", "table": "table", "model": "model"}
_TOKENS = {role: token for _, role, _, token in _ROLES}


def roles_of(model: Model) -> dict[str, str]:
    """Tells what each element of a model is, by name."""
    return {
        element.name: next(role for kind, role, _, _ in _ROLES if isinstance(element, kind))
        for element in model.elements
    }


def icon_of(role: str) -> str:
    """Returns the icon of a role."""
    return _ICONS.get(role, "model")


def token_of(role: str) -> str:
    """Returns the name of a role's colour."""
    return _TOKENS.get(role, "text_soft")
