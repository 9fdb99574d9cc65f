"""Rules of a formulation written as lines ``rule: value``, each with a few values to choose from."""

from __future__ import annotations

from collections.abc import Mapping

from solvitur.problem.findings import Finding, Place, Severity

Rules = Mapping[str, tuple[tuple[str, ...], str]]
"""Rules by name: what each may be, and what it is when nothing is said."""


def read_rules(rules: Rules, text: str, source: str = "") -> tuple[dict[str, str], list[Finding]]:
    """Reads lines of rules; ``#`` begins a remark. What is no rule or no value of it is found, and left as usual."""
    values = {name: usual for name, (_, usual) in rules.items()}
    findings: list[Finding] = []
    for number, line in enumerate(text.splitlines(), 1):
        said = line.split("#")[0].strip()
        if not said:
            continue
        name, colon, value = said.partition(":")
        name, value = name.strip().lower(), value.strip().lower()
        place = Place(source, number)
        if name not in rules or not colon:
            expected = ", ".join(f"'{rule}: ...'" for rule in rules)
            findings.append(Finding(Severity.ERROR, f"'{said}' is no rule; expected one of {expected}", name, place))
        elif value not in rules[name][0]:
            expected = ", ".join(rules[name][0])
            findings.append(
                Finding(Severity.ERROR, f"'{name}' is '{value}', expected one of {expected}", name, place)
            )
        else:
            values[name] = value
    return values, findings


def write_rules(rules: Rules, values: Mapping[str, str], always: tuple[str, ...] = ()) -> str:
    """Writes rules as lines; those left at their usual value are not written, ``always`` are."""
    lines = []
    for name, (_, usual) in rules.items():
        value = values.get(name, usual)
        if value != usual or name in always:
            lines.append(f"{name}: {value}")
    return "\n".join(lines) + "\n"
