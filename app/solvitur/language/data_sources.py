"""Where the data of each set and parameter comes from: tables, entries of the data section, files they mention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from solvitur.language import data_literals, data_match
from solvitur.language.arrays_spaces import Labels
from solvitur.language.data_match import Shape, folded, is_named
from solvitur.language.data_rows import Origin, Rows
from solvitur.language.elements import (
    Binary,
    Binder,
    Comprehension,
    DataEntry,
    Expr,
    Listing,
    Model,
    ParamElement,
    Ref,
    SetElement,
)
from solvitur.language.faults import Places
from solvitur.language.names_used import binders_in
from solvitur.problem.errors import InputError
from solvitur.problem.findings import Finding, Severity
from solvitur.problem.tables import Table

ReadTables = Callable[[str], Sequence[Table]]
"""Reads the tables of a file that the model names."""


def files_wanted(model: Model) -> tuple[str, ...]:
    """Lists the files that the data section takes data from, each once, in order."""
    return tuple(dict.fromkeys(entry.file for entry in model.data if entry.file))


class Sources:
    """Finds the raw data of sets and parameters; nothing is compared between them yet."""

    def __init__(
        self, model: Model, tables: Sequence[Table], places: Places, read_tables: ReadTables | None = None
    ) -> None:
        self._model = model
        self._tables = tuple(tables)
        self._places = places
        self._read_tables = read_tables
        self._entries = {entry.name: entry for entry in model.data}
        self._sets = {element.name: element for element in model.sets}
        self._files: dict[str, tuple[Table, ...]] = {}
        self._rows: dict[str, Rows | None] = {}
        self._arities = self._count_labels()

    # Shapes --------------------------------------------------------------------------------------------------

    def arity(self, expr: Expr, seen: frozenset[str] = frozenset()) -> int:
        """Returns how many labels each member of a set has."""
        match expr:
            case Ref() if expr.name in self._sets and expr.name not in seen:
                return self._arity_of(self._sets[expr.name], seen | {expr.name})
            case Binary(op="*"):
                return self.arity(expr.left, seen) + self.arity(expr.right, seen)
            case Binary():
                return self.arity(expr.left, seen)
            case Comprehension():
                names = {name: binder for binder in expr.binders for name in binder.names}
                return sum(
                    self.arity(names[item.name].over, seen)
                    if isinstance(item, Ref) and item.name in names and len(names[item.name].names) == 1
                    else 1
                    for item in expr.member
                )
            case Listing(members=(tuple() as first, *_)):
                return len(first)
            case _:
                return 1

    def _arity_of(self, element: SetElement, seen: frozenset[str]) -> int:
        for given in (element.within, element.value):
            if given is not None:
                return self.arity(given, seen)
        return self._arities.get(element.name, 1)

    def _count_labels(self) -> dict[str, int]:
        """Tells from their use and data how many labels the members of sets have that are declared by name alone."""
        found: dict[str, int] = {}
        for entry in self._model.data:
            literal = entry.literal
            if isinstance(literal, list) and literal and isinstance(literal[0], tuple | list):
                found[entry.name] = len(literal[0])
        for element in self._model.elements:
            for binder in binders_in(element):
                if isinstance(binder.over, Ref) and len(binder.names) > 1:
                    found.setdefault(binder.over.name, len(binder.names))
        return found

    def shape(self, param: ParamElement) -> Shape:
        """Tells how a parameter's data looks: its indices and the words for them."""
        words = [words for binder in param.binders for words in self._words(binder)]
        counts = Counter(word for alternatives in words for word in set(alternatives))
        return Shape(param.name, tuple(tuple(w for w in alternatives if counts[w] == 1) for alternatives in words))

    def _words(self, binder: Binder) -> list[list[str]]:
        arity = self.arity(binder.over)
        names = list(binder.names) if len(binder.names) == arity else []
        found = [[folded(names[d])] if names else [] for d in range(arity)]
        for d, word in enumerate(self._set_words(binder.over, arity)):
            if word:
                found[d].append(folded(word))
        return found

    def _set_words(self, over: Expr, arity: int) -> list[str]:
        """Returns the names of the sets that the labels of a set belong to."""
        if isinstance(over, Binary) and over.op == "*":
            left = self.arity(over.left)
            return self._set_words(over.left, left) + self._set_words(over.right, arity - left)
        if isinstance(over, Ref) and arity == 1:
            return [over.name]
        if isinstance(over, Ref) and over.name in self._sets:
            within = self._sets[over.name].within
            if within is not None:
                return self._set_words(within, arity)
        return [""] * arity

    def set_words(self, element: SetElement) -> list[str]:
        """Returns, for each label of a set's members, the name of the set it belongs to, or an empty text."""
        if element.within is None:
            return []
        return self._set_words(element.within, self.arity(element.within))

    # Entries and files ---------------------------------------------------------------------------------------

    def entry(self, name: str) -> DataEntry | None:
        """Returns the data section's entry for a name."""
        return self._entries.get(name)

    def _origin(self, entry: DataEntry) -> Origin:
        return Origin(f"the data of '{entry.name}'", self._places.of(entry.span))

    def _fail(self, entry: DataEntry, text: str) -> InputError:
        return InputError.at(text, place=self._places.of(entry.span), element=entry.name)

    def _file_table(self, entry: DataEntry) -> Table:
        """Returns the table that ``from`` means: of that file, and with the entry's name when it has several."""
        found = [table for table in self._tables if is_named(table, entry.file)]
        if not found and self._read_tables is not None:
            if entry.file not in self._files:
                self._files[entry.file] = tuple(self._read_tables(entry.file))
            found = list(self._files[entry.file])
        if not found:
            raise self._fail(entry, f"The file '{entry.file}' was not found; '{entry.name}' takes its data from it.")
        holding = [t for t in found if folded(t.name) == folded(entry.name)] or [
            t for t in found if t.column(entry.name) is not None
        ]
        if len(found) > 1 and len(holding) != 1:
            sheets = ", ".join(f"'{table.name}'" for table in found)
            raise self._fail(
                entry,
                f"'{entry.file}' has the tables {sheets}; call the one that holds '{entry.name}' by that name.",
            )
        return (holding or found)[0]

    # Sets ----------------------------------------------------------------------------------------------------

    def set_rows(self, element: SetElement) -> tuple[Rows, bool] | None:
        """Returns the members that a table or an entry gives to a set, and whether it must list each just once."""
        arity = self.arity(Ref(element.name))
        named = [table for table in self._tables if folded(table.name) == folded(element.name)]
        if named:
            found = data_match.set_rows(element.name, arity, named[0])
            return self._sure(found, named[0].name, element), len(named[0].columns) == arity
        entry = self._entries.get(element.name)
        if entry is None:
            return None
        if entry.file:
            table = self._file_table(entry)
            found = data_match.set_rows(element.name, arity, table)
            return self._sure(found, table.name, element), len(table.columns) == arity
        rows = data_literals.set_rows(entry, self._origin(entry), arity)
        if isinstance(rows, str):
            raise self._fail(entry, rows)
        return rows, True

    def _sure(self, found: Rows | str, table: str, element: SetElement | ParamElement) -> Rows:
        if isinstance(found, str):
            entry = self._entries.get(element.name)
            span = entry.span if entry is not None else element.name_span
            raise InputError([Finding(Severity.ERROR, found, element.name, self._places.of(span))])
        return found

    def headed(self, name: str) -> list[Rows]:
        """Returns the columns headed by a set's name in any table."""
        found = []
        for table in self._tables:
            column = table.column(name)
            if column is not None:
                rows = data_match.set_rows(name, 1, replace(table, columns=(column,)))
                if isinstance(rows, Rows):
                    found.append(rows)
        return found

    def used_with(self, name: str) -> list[Rows]:
        """Returns the index columns, over a set, of the parameters' data."""
        found = []
        arity = self.arity(Ref(name))
        for param in self._model.params:
            rows = self._quiet_rows(param)
            at = 0
            for binder in param.binders if rows is not None else ():
                width = self.arity(binder.over)
                if rows is not None and isinstance(binder.over, Ref) and binder.over.name == name:
                    cut = slice(at, at + arity)
                    if not any(rows.by_position[cut]):
                        found.append(
                            replace(
                                rows, labels=rows.labels[cut], take=rows.take[cut], by_position=rows.by_position[cut]
                            )
                        )
                at += width
        return found

    def _quiet_rows(self, param: ParamElement) -> Rows | None:
        try:
            return self.param_rows(param)
        except InputError:
            return None  # it is reported when the parameter itself is bound

    # Parameters ----------------------------------------------------------------------------------------------

    def param_rows(self, param: ParamElement) -> Rows | None:
        """Returns the data given to a parameter; None when there is none.

        Raises
        ------
        InputError
            If it is ambiguous, or its file is absent or has other columns.
        """
        if param.name not in self._rows:
            self._rows[param.name] = self._find_rows(param)
        return self._rows[param.name]

    def _find_rows(self, param: ParamElement) -> Rows | None:
        shape = self.shape(param)
        entry = self._entries.get(param.name)
        named = [table for table in self._tables if folded(table.name) == folded(param.name)]
        if named:
            return self._sure(self._read(shape, named[0], param, meant=True), named[0].name, param)
        wanted = files_wanted(self._model)
        from_files = [table for table in self._tables if any(is_named(table, file) for file in wanted)]
        given = self._only(shape, param, [t for t in self._tables if t not in from_files])
        if given is not None:
            return given
        if entry is not None and entry.file:
            table = self._file_table(entry)
            return self._sure(self._read(shape, table, param, meant=True), table.name, param)
        if entry is not None:
            rows = data_literals.param_rows(entry, self._origin(entry), shape.arity)
            if isinstance(rows, str):
                raise self._fail(entry, rows)
            return rows
        return self._only(shape, param, from_files)

    def _read(self, shape: Shape, table: Table, param: ParamElement, *, meant: bool) -> Rows | str:
        return data_match.param_rows(shape, table, lambda: self._second_labels(param), meant=meant)

    def _only(self, shape: Shape, param: ParamElement, tables: Sequence[Table]) -> Rows | None:
        """Returns the rows of the one table among these that has the parameter as a column."""
        holding = []
        for table in tables:
            rows = self._read(shape, table, param, meant=False)
            if isinstance(rows, Rows):
                holding.append((table, rows))
        if len(holding) > 1:
            names = " and ".join(f"'{table.name}'" for table, _ in holding[:2])
            raise InputError.at(
                f"'{param.name}' is in the tables {names}; rename it in one of them, or say which one is meant with "
                f'{param.name} from "..." in the data section.',
                place=self._places.of(param.name_span),
                element=param.name,
            )
        return holding[0][1] if holding else None

    def _second_labels(self, param: ParamElement) -> Labels | None:
        """Returns the labels of the second index as far as a table or an entry lists them by themselves."""
        overs = [binder.over for binder in param.binders]
        last = overs[-1] if overs else None
        if not isinstance(last, Ref) or last.name not in self._sets or self.arity(last) != 1:
            return None
        try:
            found = self.set_rows(self._sets[last.name])
        except InputError:
            return None
        return None if found is None else Labels(last.name, tuple(found[0].distinct(0)))
