"""Options of plugins: a frozen dataclass whose fields describe themselves; forms and --option read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, get_type_hints

from solvitur.problem.errors import InputError

_TRUE, _FALSE = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}


@dataclass(frozen=True)
class OptionSpec:
    """One option as forms and command lines see it."""

    name: str
    title: str
    kind: type
    default: Any
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    help: str = ""
    choices: tuple[str, ...] = ()
    advanced: bool = False


def option(
    default: Any,
    title: str,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    unit: str = "",
    help: str = "",
    choices: tuple[str, ...] = (),
    advanced: bool = False,
) -> Any:
    """Declares one field of a plugin's options dataclass, with all that its form needs."""
    described = {
        "title": title,
        "minimum": minimum,
        "maximum": maximum,
        "unit": unit,
        "help": help,
        "choices": tuple(choices),
        "advanced": advanced,
    }
    return field(default=default, metadata={"solvitur": described})


def option_specs(options: type | None) -> tuple[OptionSpec, ...]:
    """Lists the options of an options dataclass; a plugin without options gives None and has none."""
    return () if options is None or not is_dataclass(options) else _specs_of(options)


@cache
def _specs_of(options: type) -> tuple[OptionSpec, ...]:
    """Reads the specs of a type once: its hints would be evaluated anew for each of thousands of steps."""
    hints = get_type_hints(options)
    specs = []
    for f in fields(options):
        if f.default is MISSING:
            continue
        described = dict(f.metadata.get("solvitur", {"title": f.name.replace("_", " ").capitalize()}))
        kind = hints[f.name] if hints[f.name] in (bool, int, float, str) else type(f.default)
        specs.append(OptionSpec(name=f.name, kind=kind, default=f.default, **described))
    return tuple(specs)


def read_options(options: type | None, given: Mapping[str, object]) -> Any:
    """Builds an options value from names and values (text allowed), checked against the specs.

    Raises
    ------
    InputError
        If a name is unknown (the nearest is offered) or a value has the wrong type or leaves its range.
    """
    specs = {spec.name: spec for spec in option_specs(options)}
    values: dict[str, object] = {}
    for name, value in given.items():
        spec = specs.get(name)
        if spec is None:
            near = get_close_matches(name, specs, 1)
            hint = f"did you mean '{near[0]}'?" if near else "it has: " + (", ".join(specs) or "no options")
            raise InputError.at(f"'{name}' is not an option here; {hint}", element=name)
        values[name] = read_option(spec, value)
    return options(**values) if options is not None else None


def read_option(spec: OptionSpec, value: Any) -> object:
    """Reads one option value; see `read_options`."""

    def refuse(expected: str) -> InputError:
        return InputError.at(f"option '{spec.name}' is {value!r}, expected {expected}", element=spec.name)

    if spec.kind is bool:
        if isinstance(value, bool):
            return value
        word = str(value).strip().lower()
        if word in _TRUE | _FALSE:
            return word in _TRUE
        raise refuse("true or false")
    if spec.kind in (int, float):
        try:
            number = spec.kind(value if not isinstance(value, bool) else "")
        except (TypeError, ValueError):
            raise refuse("a whole number" if spec.kind is int else "a number") from None
        low, high = spec.minimum, spec.maximum
        if number != number or (low is not None and number < low) or (high is not None and number > high):
            ends = [
                f"at least {low:g}" if low is not None else "",
                f"at most {high:g}" if high is not None else "",
            ]
            raise refuse("a number " + " and ".join(end for end in ends if end))
        return number
    if spec.choices and value not in spec.choices:
        raise refuse("one of " + ", ".join(spec.choices))
    return str(value)
