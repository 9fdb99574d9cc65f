"""Binds sets and parameters, each when it is first needed, so that their order in the text does not matter."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from solvitur.language.arrays_evaluate import Evaluator, Variable
from solvitur.language.arrays_frames import Frame
from solvitur.language.arrays_spaces import ABSENT, Labels, Quantity, Space, name_of, space_of_tuples
from solvitur.language.data_checks import ValueChecks
from solvitur.language.data_rows import Rows, clean_label, codes_of_labels, is_blank, limited, unknown_label
from solvitur.language.data_sources import Sources
from solvitur.language.elements import Model, ParamElement, Ref, SetElement, Span
from solvitur.language.faults import Places
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Finding, Severity
from solvitur.problem.instance import Label


class Binding:
    """The sets and parameters of a model as far as they are bound; what went wrong is in ``findings``.

    ``missing`` tells by name which sets and parameters have no data, or too little, and what is expected.
    """

    def __init__(self, model: Model, sources: Sources, places: Places) -> None:
        self.places = places
        self.findings: list[Finding] = []
        self.missing: dict[str, str] = {}
        self.sets: dict[str, Space] = {}
        self.params: dict[str, Quantity] = {}
        self._sources = sources
        self._set_elements = {element.name: element for element in model.sets}
        self._param_elements = {element.name: element for element in model.params}
        self._failed: set[str] = set()
        self._busy: list[str] = []
        self._ranges: dict[tuple[int, int], Labels] = {}

    def bind_all(self) -> None:
        """Binds everything, and collects the findings."""
        for name in (*self._set_elements, *self._param_elements):
            try:
                self.space(name)
                self.quantity(name)
            except InputError as error:
                self.findings.extend(error.findings)

    # Scope ---------------------------------------------------------------------------------------------------

    def space(self, name: str) -> Space | None:
        """Returns a set, bound now if it was not before."""
        element = self._set_elements.get(name)
        if element is None:
            return None
        if name not in self.sets:
            self._once(element)
        return self.sets[name]

    def quantity(self, name: str) -> Quantity | None:
        """Returns a parameter, bound now if it was not before."""
        element = self._param_elements.get(name)
        if element is None:
            return None
        if name not in self.params:
            self._once(element)
        return self.params[name]

    def variable(self, name: str) -> Variable | None:
        """Returns nothing: data knows no variables."""
        return None

    def range_labels(self, low: int, high: int) -> Labels:
        """Returns the labels of a range, the same ones every time."""
        return self._ranges.setdefault((low, high), Labels("", tuple(range(low, high + 1))))

    def _once(self, element: SetElement | ParamElement) -> None:
        """Binds an element; what depends on one that failed fails too, without a finding of its own."""
        if element.name in self._failed:
            raise InputError([])
        if element.name in self._busy:
            ring = " -> ".join([*self._busy[self._busy.index(element.name) :], element.name])
            raise self._fail(element.name, f"'{element.name}' depends on itself: {ring}.", element.name_span)
        self._busy.append(element.name)
        try:
            if isinstance(element, SetElement):
                self.sets[element.name] = self._bind_set(element)
            else:
                self.params[element.name] = self._bind_param(element)
        except InputError:
            self._failed.add(element.name)
            raise
        finally:
            self._busy.pop()

    def _fail(self, name: str, text: str, span: Span) -> InputError:
        return InputError.at(text, place=self.places.of(span), element=name)

    def _lacking(self, name: str, expected: str, text: str, span: Span) -> InputError:
        self.missing[name] = expected
        return self._fail(name, text, span)

    # Sets ----------------------------------------------------------------------------------------------------

    def _bind_set(self, element: SetElement) -> Space:
        evaluator = Evaluator(self, element.name)
        within = evaluator.grower.space(element.within, Frame()) if element.within is not None else None
        given = self._sources.set_rows(element)
        arity = self._sources.arity(Ref(element.name))
        if given is not None:
            rows, once = given
            return self._set_from_rows(element, [rows], within, arity, once=once)
        if element.value is not None:
            return self._set_from_value(element, evaluator.grower.space(element.value, Frame()), within)
        found = self._sources.headed(element.name) if arity == 1 else []
        found = found or self._sources.used_with(element.name)
        if found:
            return self._set_from_rows(element, found, within, arity, once=False)
        parts = self._labels_within(element.name) if arity == 1 else []
        if parts:
            return Space((Labels(element.name, tuple(parts)),), (element.name,))
        members = "its members" if arity == 1 else f"its members, tuples of {arity} labels"
        raise self._lacking(
            element.name,
            members,
            f"'{element.name}' has no members yet: list them in the data section, or in a table named "
            f"'{element.name}' or with a column '{element.name}'.",
            element.name_span,
        )

    def _set_from_value(self, element: SetElement, space: Space, within: Space | None) -> Space:
        if within is not None and within.arity == space.arity:
            codes = [w.codes_of(u)[space.component(d)] for d, (w, u) in enumerate(_pairs(within, space))]
            outside = np.flatnonzero(within.locate(codes) == ABSENT)
            if len(outside):
                label = ", ".join(map(str, space.label(int(outside[0]))))
                text = f"'{label}' is in '{element.name}', but not in the set it lies within."
                raise self._fail(element.name, text, element.name_span)
            if space.arity > 1:
                return Space(within.universes, (element.name,) * space.arity, tuple(codes))
        if space.arity == 1:
            return Space((Labels(element.name, tuple(label for (label,) in space.labels)),), (element.name,))
        return Space(space.universes, (element.name,) * space.arity, space.codes)

    def _set_from_rows(
        self, element: SetElement, found: list[Rows], within: Space | None, arity: int, *, once: bool
    ) -> Space:
        findings: list[Finding] = []
        seen: dict[tuple[Label, ...], None] = {}
        for rows in found:
            if within is not None:
                findings += self._check_within(element, rows, within)
            if once:
                findings += _repeated(element.name, rows)
            tuples = [(label,) for label in rows.distinct(0)] if arity == 1 else rows.tuples()
            seen.update(dict.fromkeys(tuples))
        if findings:
            raise InputError(limited(findings, element.name))
        labels = self._numbered(list(seen), within)
        if arity > 1 and within is not None:
            return self._coded(within, labels, element.name)
        return space_of_tuples(element.name, labels, arity)

    def _numbered(self, tuples: list[tuple[Label, ...]], within: Space | None) -> list[tuple[Label, ...]]:
        """Writes labels as the set they lie within writes them, so that "7" and 7 are one label."""
        if within is None or not tuples:
            return tuples
        columns = [
            [universe.labels[code] for code in codes_of_labels(column, universe).tolist()]
            for universe, column in zip(within.universes, zip(*tuples, strict=True), strict=True)
        ]
        return list(dict.fromkeys(zip(*columns, strict=True)))

    def _coded(self, within: Space, labels: Iterable[tuple[Label, ...]], name: str) -> Space:
        listed = list(labels)
        columns = list(zip(*listed, strict=True)) or [()] * within.arity
        codes = tuple(codes_of_labels(column, u) for column, u in zip(columns, within.universes, strict=True))
        return Space(within.universes, (name,) * within.arity, codes)

    def _check_within(self, element: SetElement, rows: Rows, within: Space) -> list[Finding]:
        codes = [rows.codes(d, universe) for d, universe in enumerate(within.universes)]
        findings = []
        for k in np.flatnonzero(within.locate(codes) == ABSENT).tolist():
            labels = [rows.label(d, k) for d in range(rows.arity)]
            if all(is_blank(label) for label in labels):
                continue
            d = next((d for d in range(rows.arity) if codes[d][k] == ABSENT), -1)
            label = labels[d] if d >= 0 else None
            if label is not None:
                findings.append(unknown_label(label, rows.origin, rows.row(k), element.name, within.universes[d]))
            else:
                shown = ", ".join(map(str, labels))
                where = rows.origin.at(rows.row(k))
                text = f"'{shown}' in {where} is not in the set that '{element.name}' lies within."
                findings.append(Finding(Severity.ERROR, text, element.name, rows.origin.place_of(rows.row(k))))
        return findings

    def _labels_within(self, name: str) -> list[Label]:
        """Collects the labels of sets of tuples that lie within products of this set."""
        found: dict[Label, None] = {}
        for other in self._set_elements.values():
            if other.name == name or other.within is None:
                continue
            given = self._sources.set_rows(other)
            tuples = [given[0]] if given is not None else self._sources.used_with(other.name)
            places = [d for d, word in enumerate(self._sources.set_words(other)) if word == name]
            for rows in tuples:
                pairs = rows.tuples()
                found.update(dict.fromkeys(pair[d] for pair in pairs for d in places))
        return list(found)

    # Parameters ----------------------------------------------------------------------------------------------

    def _bind_param(self, element: ParamElement) -> Quantity:
        evaluator = Evaluator(self, element.name)
        # The data is sought first: that its file is absent says more than that a set has no members for want of it.
        rows = None if element.keyword == "let" else self._sources.param_rows(element)
        frame = evaluator.grower.growth(Frame(), element.binders, element.condition).frame
        space = frame.space()
        checks = ValueChecks(element, space, evaluator, frame)
        if rows is None and element.value is not None:
            values = evaluator.spread(element.value, frame)
            checks.require(values, None)
            return Quantity(space, np.ascontiguousarray(values))
        values, owner = np.full(space.count, np.nan), None
        if rows is not None:
            values, owner = self._placed(element, rows, space)
        if element.default is not None:
            lacking = np.isnan(values)
            if lacking.any():
                values = np.where(lacking, evaluator.spread(element.default, frame), values)
        checks.require(values, None if rows is None or owner is None else (rows, owner))
        self._require_all(element, space, values, rows is not None)
        return Quantity(space, values)

    def _placed(self, element: ParamElement, rows: Rows, space: Space) -> tuple[np.ndarray, np.ndarray]:
        """Puts the values of rows to their places; returns them with the row that gave each, or `ABSENT`."""
        numbers, bad = rows.numbers()
        findings = (
            [self._row_finding(element, rows, k, f"'{rows.values[k]}' in {{where}} is no number") for k in bad]
            if rows.values is not None
            else []
        )
        codes = [rows.codes(d, universe) for d, universe in enumerate(space.universes)]
        positions = np.broadcast_to(space.locate(codes), (rows.count,))
        outside = positions == ABSENT
        if outside.any():
            findings += self._strangers(element, rows, space, codes, np.flatnonzero(outside), numbers)
        kept = np.flatnonzero(~outside & ~np.isnan(numbers)) if outside.any() or np.isnan(numbers).any() else None
        at = positions if kept is None else positions[kept]
        given = numbers if kept is None else numbers[kept]
        row = np.arange(rows.count, dtype=np.int64) if kept is None else kept
        values = np.full(space.count, np.nan)
        values[at] = given
        owner = np.full(space.count, ABSENT, np.int64)
        owner[at] = row
        findings += self._doubles(element, rows, space, at, row, given, owner, values)
        if findings:
            raise InputError(limited(findings, element.name))
        return values, owner

    def _row_finding(self, element: ParamElement, rows: Rows, k: int, text: str) -> Finding:
        row = rows.row(k)
        words = text.format(where=rows.origin.at(row)) if "{where}" in text else text
        return Finding(Severity.ERROR, f"{words} ('{element.name}').", element.name, rows.origin.place_of(row))

    def _strangers(
        self,
        element: ParamElement,
        rows: Rows,
        space: Space,
        codes: list[np.ndarray],
        outside: np.ndarray,
        numbers: np.ndarray,
    ) -> list[Finding]:
        """Tells about rows whose labels the parameter does not have; blank rows are passed over."""
        findings, seen = [], set()
        for k in outside.tolist():
            labels = [rows.label(d, k) for d in range(rows.arity)]
            if all(is_blank(label) for label in labels) and math.isnan(numbers[k]):
                continue
            d = next((d for d in range(rows.arity) if codes[d][k] == ABSENT), -1)
            if d < 0:
                if element.condition is None:
                    name = name_of(element.name, [label for label in labels if label is not None])
                    text = f"{{where}} gives '{name}', but '{element.name}' has no such index"
                    findings.append(self._row_finding(element, rows, k, text))
            elif rows.by_position[d]:
                universe = space.universes[d]
                text = f"There are more values than '{universe.name}' has members ({len(universe)})"
                return [self._row_finding(element, rows, k, text)]
            elif (d, labels[d]) not in seen:
                seen.add((d, labels[d]))
                label = labels[d]
                if label is None or is_blank(label):
                    text = f"{{where}} has no label of '{space.universes[d].name}'"
                    findings.append(self._row_finding(element, rows, k, text))
                else:
                    universe = space.universes[d]
                    findings.append(unknown_label(label, rows.origin, rows.row(k), element.name, universe))
        return findings

    def _doubles(
        self,
        element: ParamElement,
        rows: Rows,
        space: Space,
        at: np.ndarray,
        row: np.ndarray,
        given: np.ndarray,
        owner: np.ndarray,
        values: np.ndarray,
    ) -> list[Finding]:
        """Tells about indices given more than once; equal values are fine in a table that also holds other things."""
        again = owner[at] != row
        if rows.shared:
            again &= values[at] != given
        return [
            self._row_finding(
                element,
                rows,
                int(owner[at[k]]),
                f"{{where}} gives '{space.element(element.name, int(at[k]))}' again; "
                f"it is already in row {rows.row(int(row[k])) + rows.origin.first_row}"
                if rows.origin.first_row
                else f"'{space.element(element.name, int(at[k]))}' is given twice",
            )
            for k in np.flatnonzero(again).tolist()
        ]

    def _require_all(self, element: ParamElement, space: Space, values: np.ndarray, given: bool) -> None:
        lacking = np.flatnonzero(np.isnan(values))
        if not len(lacking):
            return
        words = " x ".join(dict.fromkeys(u.name or "..." for u in space.universes)) if space.arity else ""
        expected = f"a number for each of {words}" if space.arity else "a number"
        if not given:
            where = f"in a table with a column '{element.name}', or in the data section"
            text = f"'{element.name}' has no data yet: give {expected}, {where}."
            raise self._lacking(element.name, expected, text, element.name_span)
        first = ", ".join(map(str, space.label(int(lacking[0]))))
        others = len(lacking) - 1
        more = f" and {others:,} others" if others > 1 else " and one other" if others else ""
        them = "them" if others else "it"
        raise self._lacking(
            element.name,
            f"{len(lacking):,} of {space.count:,} values",
            f"'{element.name}' has no value for [{first}]{more}; add {them}, or give the parameter a default.",
            element.name_span,
        )


def _pairs(within: Space, space: Space) -> Iterable[tuple[Labels, Labels]]:
    return zip(within.universes, space.universes, strict=True)


def _repeated(name: str, rows: Rows) -> list[Finding]:
    """Tells about members listed twice."""
    columns = [[None if is_blank(v) else clean_label(v) for v in labels] for labels in rows.labels]  # type: ignore[arg-type]
    first: dict[tuple[Label | None, ...], int] = {}
    findings = []
    for k, member in enumerate(zip(*columns, strict=True)):
        if None in member:
            continue
        if member in first:
            shown = ", ".join(map(str, member))
            text = f"'{shown}' is listed twice in '{name}': again in {rows.origin.at(rows.row(k))}."
            findings.append(Finding(Severity.ERROR, text, name, rows.origin.place_of(rows.row(k))))
        first.setdefault(member, k)
    return findings
