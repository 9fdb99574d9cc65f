"""The formaliser as Solvitur sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from solvitur.api import Draft, Finding, Question, Severity, Table
from solvitur_words.reading import MOST_CHARACTERS, is_english, sentences_of
from solvitur_words.tokens import normalised

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
        text = normalised(statement[:MOST_CHARACTERS])
        unread = tuple((sentence.start, sentence.end) for sentence in sentences_of(text))
        ask = Question("objective", "What is to be made as large or as small as possible?", weight=1.0)
        return Draft(backend=BACKEND, questions=(ask,), unread=unread, findings=tuple(findings))
