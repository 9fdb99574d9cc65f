"""Reading of the readable form: through Python's grammar alone, against the few statements there are."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from solvitur.problem.errors import InputError
from solvitur.problem.findings import Finding, Place, Severity
from solvitur.problem.syntax import module_tree
from solvitur.workflow.forms_json import fault_of_field, migrated, unpacked_option
from solvitur.workflow.forms_text import written_order
from solvitur.workflow.model import Group, Link, Note, OptionRange, Step, Workflow

_MARKS = {
    "titled": "title",
    "at": "position",
    "coloured": "colour",
    "noted": "note",
    "retried": "retries",
    "limited": "timeout_s",
}


def from_text(text: str, file: str = "") -> Workflow:
    """Reads the readable form.

    Raises
    ------
    InputError
        With line and column, if it cannot be read.
    """
    try:
        tree = module_tree(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line, column = (getattr(error, name, None) or 0 for name in ("lineno", "offset"))
        said = getattr(error, "msg", None) or "it is nested too deeply or holds characters that no text has"
        finding = Finding(Severity.ERROR, f"this cannot be read: {said}", "", Place(file, line, column))
        raise InputError([finding]) from None
    reading = _Reading(file)
    for statement in tree.body:
        reading.read(statement)
    return reading.workflow()


class _Reading:
    """One pass over the statements of a text."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._head: dict[str, Any] = {"title": "", "version": None}
        self._steps: list[Step] = []
        self._ids: set[str] = set()
        self._plain: list[tuple[Link, ast.expr]] = []
        self._others: list[Link] = []
        self._order: tuple[list[int], ast.AST] | None = None
        self._groups: list[Group] = []
        self._notes: list[Note] = []
        self._ranges: list[OptionRange] = []

    def workflow(self) -> Workflow:
        """Puts together what was read."""
        ids = self._ids
        for link, node in self._plain:
            if link.source not in ids:
                raise self._fault(node, f"there is no step '{link.source}'")
        links = written_order([step.id for step in self._steps], [link for link, _ in self._plain]) + self._others
        if self._order is not None:
            order, named = self._order
            if sorted(order) != list(range(len(links))):
                raise self._fault(named, f"'link_order' must name the {len(links)} links, each once, counted from 0")
            links = [links[at] for at in order]
        given = self._head["version"]
        head = migrated({} if given is None else {"version": given}, self._file)
        version = head["version"]
        return Workflow(
            title=self._head["title"],
            steps=tuple(self._steps),
            links=tuple(links),
            groups=tuple(self._groups),
            notes=tuple(self._notes),
            ranges=tuple(self._ranges),
            version=version,
        )

    def read(self, statement: ast.stmt) -> None:
        """Reads one statement."""
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
            if isinstance(target, ast.Name):
                self._read_step(target.id, statement.value)
                return
        deeds: dict[str, Callable[[ast.Call], None]] = {
            "workflow": self._read_head,
            "link": self._read_link,
            "link_order": self._read_order,
            "group": self._read_group,
            "note": self._read_note,
            "sweep": self._read_range,
        }
        call = statement.value if isinstance(statement, ast.Expr) else None
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in deeds:
            deeds[call.func.id](call)
            return
        raise self._fault(statement, "expected 'name = step_type(...)', or one of: " + ", ".join(deeds))

    def _read_step(self, step_id: str, value: ast.expr) -> None:
        if step_id in self._ids:
            raise self._fault(value, f"there is a step '{step_id}' already")
        fields: dict[str, Any] = {}
        while isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
            self._read_mark(value, value.func, fields)
            value = value.func.value
        if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Name):
            raise self._fault(value, f"'{step_id}' is no step; expected {step_id} = step_type(...)")
        step_type, given = value.func.id, list(value.args)
        if step_type == "step":
            if not given:
                raise self._fault(value, "expected the step type's name first")
            step_type = self._texts(given.pop(0))
        if given:
            raise self._fault(given[0], "expected name=value")
        options: dict[str, Any] = {}
        for named in value.keywords:
            if named.arg is None:
                extra = self._literal(named.value)
                if not isinstance(extra, dict):
                    raise self._fault(named.value, "expected names and values in braces")
                options.update(extra)
            elif links := self._sources(named.value):
                self._plain += [(Link(*link, step_id, named.arg), named.value) for link in links]
            else:
                options[named.arg] = self._literal(named.value)
        self._check("options", options, value)
        self._ids.add(step_id)
        self._steps.append(Step(step_id, step_type, options, **fields))

    def _read_mark(self, call: ast.Call, mark: ast.Attribute, fields: dict[str, Any]) -> None:
        name = _MARKS.get(mark.attr)
        if name is None or call.keywords or len(call.args) != (2 if name == "position" else 1):
            raise self._fault(call, f"'.{mark.attr}' is no mark of a step; there are: " + ", ".join(_MARKS))
        values = [self._literal(argument) for argument in call.args]
        value = tuple(values) if name == "position" else values[0]
        self._check(name, value, call)
        fields[name] = value

    def _sources(self, value: ast.expr) -> list[tuple[str, str]]:
        listed = value.elts if isinstance(value, ast.List) else [value]
        found = [
            (each.value.id, each.attr)
            for each in listed
            if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name)
        ]
        if found and len(found) < len(listed):
            raise self._fault(value, "a list holds either outputs of steps or values, not both")
        return found

    def _read_head(self, call: ast.Call) -> None:
        self._fill(call, self._head, ("title",))
        if not isinstance(self._head["title"], str):
            raise self._fault(call, "expected the title as a text")

    def _read_link(self, call: ast.Call) -> None:
        self._others.append(self._made(call, Link, ("source", "output", "target", "input")))

    def _read_order(self, call: ast.Call) -> None:
        order = [self._literal(argument) for argument in call.args]
        if any(type(each) is not int for each in order):
            raise self._fault(call, "expected whole numbers")
        self._order = order, call

    def _read_group(self, call: ast.Call) -> None:
        self._groups.append(self._made(call, Group, ("id", "title"), {"members": "members"}))

    def _read_note(self, call: ast.Call) -> None:
        self._notes.append(self._made(call, Note, ("id", "text"), {"at": "position"}))

    def _read_range(self, call: ast.Call) -> None:
        self._ranges.append(self._made(call, OptionRange, ("step", "option")))

    def _made(self, call: ast.Call, kind: Any, leading: tuple[str, ...], names: dict[str, str] | None = None) -> Any:
        """Builds a part of the workflow from a call's arguments."""
        given: dict[str, Any] = {}
        known = list(kind.__dataclass_fields__)
        self._fill(call, given, leading)
        values = {(names or {}).get(name, name): value for name, value in given.items()}
        for name, value in values.items():
            if name not in known:
                raise self._fault(call, f"'{name}' is not known here; there are: " + ", ".join(known))
            self._check(name, value, call)
            if name in ("members", "values", "position", "size"):
                values[name] = tuple(value)
        missing = [name for name in leading if name not in values]
        if missing:
            raise self._fault(call, f"expected '{missing[0]}'")
        return kind(**values)

    def _fill(self, call: ast.Call, given: dict[str, Any], leading: tuple[str, ...]) -> None:
        if len(call.args) > len(leading):
            raise self._fault(call, f"expected at most {len(leading)} values without a name")
        given.update((name, self._literal(value)) for name, value in zip(leading, call.args, strict=False))
        for named in call.keywords:
            if named.arg is None:
                raise self._fault(named.value, "expected name=value")
            given[named.arg] = self._literal(named.value)

    def _check(self, name: str, value: Any, node: ast.AST) -> None:
        if fault := fault_of_field(name, value):
            raise self._fault(node, fault)

    def _texts(self, node: ast.expr) -> str:
        value = self._literal(node)
        if not isinstance(value, str):
            raise self._fault(node, "expected a text")
        return value

    def _literal(self, node: ast.expr) -> Any:
        """Reads a literal: never runs anything."""
        match node:
            case ast.Constant(value=value) if value is None or isinstance(value, bool | int | float | str):
                return value
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=value)) if type(value) in (int, float):
                return -value  # type: ignore[operator]
            case ast.Name(id="nan"):
                return float("nan")
            case ast.List(elts=parts):
                return [self._literal(part) for part in parts]
            case ast.Tuple(elts=parts):
                return tuple(self._literal(part) for part in parts)
            case ast.Dict(keys=keys, values=values):
                return self._mapping(node, keys, values)
            case ast.Call(func=ast.Name(id="packed"), args=[tree], keywords=[]):
                return unpacked_option(self._literal(tree))
            case _:
                raise self._fault(node, "expected a value: a text, number, True, False, None, list, tuple or mapping")

    def _mapping(self, node: ast.expr, keys: list[ast.expr | None], values: list[ast.expr]) -> dict[Any, Any]:
        if any(key is None for key in keys):
            raise self._fault(node, "expected a name before each value")
        try:
            read = [self._literal(key) for key in keys if key is not None]
            return dict(zip(read, map(self._literal, values), strict=True))
        except TypeError:
            raise self._fault(node, "a list cannot name a value") from None

    def _fault(self, node: ast.AST, text: str) -> InputError:
        line, column = getattr(node, "lineno", 0), getattr(node, "col_offset", -1) + 1
        place = Place(self._file, line, column, getattr(node, "end_lineno", 0) or 0)
        return InputError([Finding(Severity.ERROR, text, "", place)])
