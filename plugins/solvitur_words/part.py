"""The formaliser as Solvitur sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from solvitur.api import Draft, Evidence, Finding, Question, Severity, Table
from solvitur_words.aims import aim_of
from solvitur_words.asking import LEAVE_OUT, SPLIT, WHOLE, open_questions
from solvitur_words.book import Result
from solvitur_words.comparing import asides_of
from solvitur_words.drafting import Drafter
from solvitur_words.entities import Line, line_of, mentions, with_numbered_names
from solvitur_words.grouping import find_group
from solvitur_words.integrality import is_whole, says_whole
from solvitur_words.interpreting import Interpreter
from solvitur_words.meaning import Reading
from solvitur_words.reading import MOST_CHARACTERS, is_english, sentences_of
from solvitur_words.shapes import ShapeReader
from solvitur_words.solvable import trouble_of
from solvitur_words.tables import Grid, grids_of, without
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
        findings: tuple[Finding, ...] = ()
        if len(statement) > MOST_CHARACTERS:
            text = f"Only the first {MOST_CHARACTERS:,} of {len(statement):,} characters were read."
            findings = (Finding(Severity.WARNING, text),)
        grids = grids_of(statement[:MOST_CHARACTERS])
        text = normalised(without(statement[:MOST_CHARACTERS], grids))
        read = [Numerals(tokens_of(text, each.start, each.end)).read() for each in sentences_of(text)]
        lines = [line_of(tokens) for tokens in with_numbered_names(read)]
        found = tuple(grid.table(number + 1) for number, grid in enumerate(grids))
        draft = _shape_draft(lines) or _draft_of(lines, grids, answers)
        left = ((MOST_CHARACTERS, len(statement)),) if findings else ()
        complete = draft.complete and not findings
        return replace(draft, tables=found, findings=findings, complete=complete, unread=(*draft.unread, *left))


def _draft_of(lines: Sequence[Line], grids: Sequence[Grid], answers: Mapping[str, str]) -> Draft:
    """Drafts the model of a statement about amounts of things."""
    group = find_group(lines, [*lists_of(grids), *_named(answers)])
    if group is None:
        spans = tuple((line.tokens[0].start, line.tokens[-1].end) for line in lines if line.tokens)
        ask = Question("things", "Which amounts are to be decided? Name them, separated by commas.", weight=1.0)
        return Draft(backend=BACKEND, questions=(ask,), unread=spans)
    interpreter = Interpreter(group)
    interpreter.prepare(lines)
    for at, line in enumerate(lines):
        interpreter.read(line, at)
    reading = interpreter.reading
    for number, grid in enumerate(grids):
        if not read_grid(grid, group, reading, number):
            reading.open_phrases.append((grid.start, grid.end))
    wish = line_of(Numerals(tokens_of(normalised(answers.get("objective", "")))).read())
    aim = aim_of(wish, mentions(wish, group))
    if aim is not None:
        reading.aims = [replace(aim, start=0, end=0)]
    told = answers.get("whole", "").strip().lower()
    whole = is_whole(group, reading, lines) if not told else told != SPLIT
    result = Drafter(group, reading, whole, answers).draft()
    unread = _unread(lines, reading, result)
    questions = open_questions(result.doubts, answers)
    if result.model and not questions:
        trouble = trouble_of(result.model)
        if trouble:
            result.doubt("sense", f"{trouble} Is something missing or read wrongly?")
            questions = open_questions(result.doubts, answers)
    complete = not questions and bool(result.model)
    if result.model and questions and not told and not says_whole(lines):
        first = group.entities[0]
        text = f"Can there be half of “{first.name}”?"
        choices = (WHOLE, SPLIT) if whole else (SPLIT, WHOLE)
        questions = (*questions, Question("whole", text, choices, "amount", first.start, first.end, 0.3))
    evidence = tuple(Evidence(name, start, end) for name, start, end in result.evidence if end > start)
    facts = {"decided about": ", ".join(entity.name for entity in group.entities)}
    return Draft(result.model, evidence, questions, complete, unread, backend=BACKEND, facts=facts)


def _named(answers: Mapping[str, str]) -> list[list[tuple[str, int, int]]]:
    """Reads the answer that names what is decided about."""
    names = [piece.strip() for piece in answers.get("things", "").replace(" and ", ",").split(",")]
    named = [(name, 0, 0) for name in names if name]
    return [named] if len(named) >= 2 else []


def _unread(lines: Sequence[Line], reading: Reading, result: Result) -> tuple[tuple[int, int], ...]:
    """Finds the numbers that became nothing, and asks for them."""
    spared = {line.tokens[at].start for line in lines for at in asides_of(line)}
    spans = []
    for line in lines:
        for token in line.tokens:
            if token.kind == "num" and token.start not in reading.used and token.start not in spared:
                spans.append((token.start, token.end))
                text = f"What does “{token.text}” mean?"
                result.doubt("number", text, token.start, token.end, token.text, (LEAVE_OUT,))
    pairs = {(line.lemmas[k], line.lemmas[k + 1]) for line in lines for k in range(len(line.lemmas) - 1)}
    if pairs & {("in", "thousand"), ("nearest", "thousand")}:
        result.doubt("thousands", "Which numbers are told in thousands?")
    return tuple(spans)


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
