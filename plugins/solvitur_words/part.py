"""The formaliser as Solvitur sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from solvitur.api import Draft, Evidence, Finding, Question, Severity, Table
from solvitur_words.comparing import asides_of
from solvitur_words.drafting import Drafter
from solvitur_words.entities import Line, line_of, with_numbered_names
from solvitur_words.grouping import find_group
from solvitur_words.integrality import is_whole
from solvitur_words.interpreting import Interpreter
from solvitur_words.reading import MOST_CHARACTERS, is_english, sentences_of
from solvitur_words.shapes import ShapeReader
from solvitur_words.solvable import trouble_of
from solvitur_words.tables import grids_of, without
from solvitur_words.tabular import lists_of, read_grid
from solvitur_words.tokens import Numerals, normalised, tokens_of

BACKEND = "words"


class Words:
    """Reads English decision problems by rules, without network or language model."""

    name, title = "words", "Offline reader"

    def draft(self, statement: str, tables: Sequence[Table], answers: Mapping[str, str]) -> Draft:
        """Drafts a model; see `solvitur.api.Formaliser`."""
        if not statement.strip():
            said = Finding(Severity.INFO, "The statement is empty: describe the problem in a few sentences.")
            return Draft(backend=BACKEND, findings=(said,))
        if not is_english(statement):
            said = Finding(
                Severity.WARNING, "The statement does not look English, and this reader knows English only."
            )
            return Draft(backend=BACKEND, findings=(said,), unread=((0, len(statement)),))
        findings = []
        if len(statement) > MOST_CHARACTERS:
            text = f"Only the first {MOST_CHARACTERS:,} of {len(statement):,} characters were read."
            findings.append(Finding(Severity.WARNING, text))
        statement = statement[:MOST_CHARACTERS]
        grids = grids_of(statement)
        text = normalised(without(statement, grids))
        sentences = sentences_of(text)
        read = with_numbered_names([Numerals(tokens_of(text, each.start, each.end)).read() for each in sentences])
        lines = [line_of(tokens) for tokens in read]
        shaped = _shape_draft(lines)
        if shaped is not None:
            return replace(shaped, tables=tuple(grid.table(number + 1) for number, grid in enumerate(grids)))
        group = find_group(lines, lists_of(grids))
        if group is None:
            ask = Question("things", "Which amounts are to be decided?", weight=1.0)
            return Draft(backend=BACKEND, questions=(ask,), unread=tuple((s.start, s.end) for s in sentences),
                         findings=tuple(findings))  # fmt: skip
        interpreter = Interpreter(group)
        interpreter.prepare(lines)
        for at, line in enumerate(lines):
            interpreter.read(line, at)
        reading = interpreter.reading
        for number, grid in enumerate(grids):
            if not read_grid(grid, group, reading, number):
                reading.open_phrases.append((grid.start, grid.end))
        result = Drafter(group, reading, is_whole(group, reading, lines)).draft()
        unread = []
        spared = {line.tokens[at].start for line in lines for at in asides_of(line)}
        for line in lines:
            for token in line.tokens:
                if token.kind == "num" and token.start not in reading.used and token.start not in spared:
                    unread.append((token.start, token.end))
                    result.doubt("number", f"What does “{token.text}” mean?", token.start, token.end)
        if result.model and not result.doubts:
            trouble = trouble_of(result.model)
            if trouble:
                result.doubt("sense", f"{trouble} Is something missing or read wrongly?")
        pairs = {(line.lemmas[k], line.lemmas[k + 1]) for line in lines for k in range(len(line.lemmas) - 1)}
        if pairs & {("in", "thousand"), ("nearest", "thousand")}:
            result.doubt("thousands", "Which numbers are told in thousands?")
        questions = tuple(Question(n, t, start=s, end=e) for n, t, s, e in result.doubts)
        complete = not result.doubts and bool(result.model) and not findings
        evidence = tuple(Evidence(n, s, e) for n, s, e in result.evidence)
        found = tuple(grid.table(number + 1) for number, grid in enumerate(grids))
        return Draft(result.model, evidence, questions, complete, tuple(unread), found, tuple(findings), BACKEND)


def _shape_draft(lines: Sequence[Line]) -> Draft | None:
    """Drafts the model of a shape, if the statement is about one and all its numbers are used."""
    reader = ShapeReader(lines)
    shape = reader.read()
    if shape is None:
        return None
    used = {token.start for _, token in shape.used}
    tokens = [token for line in lines for token in line.tokens]
    left = [
        token
        for at, token in enumerate(tokens)
        if token.kind == "num" and token.start not in used and not reader.counts(at)
    ]
    if left:
        return None
    evidence = [Evidence(name, token.start, token.end) for name, token in shape.used]
    goal = shape.objective.split(":")[0].split()[-1]
    evidence.append(Evidence(goal, *shape.aim))
    model = shape.text()
    trouble = trouble_of(model)
    asked = (Question("sense", f"{trouble} Is something missing or read wrongly?"),) if trouble else ()
    return Draft(model, tuple(evidence), asked, not trouble, backend=BACKEND)
