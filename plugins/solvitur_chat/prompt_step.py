"""The language-model step: a prompt with inputs, and a reply as text or as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from solvitur.api import InputError, Port, Problem, Solved, StepContext, Table, option
from solvitur_chat.beginning import CATEGORY

_HOLE = re.compile(r"\{(\w*)\}")
_ROWS = 50


@dataclass(frozen=True)
class AskOptions:
    """What is asked, and how the reply is wanted."""

    prompt: str = option(
        "Say this in one sentence: {input}", "Prompt", help="{input} is the input, {1}, {2} .. several"
    )
    system: str = option("", "Role", help="what the model is told about itself")
    schema: str = option("", "Schema", help="a JSON schema; the reply is then such JSON, read into a value")
    backend: str = option("", "Language model", help="its name; empty for the one that is turned on", advanced=True)


class AskModel:
    """Asks the language model that is turned on."""

    name, title, category, options = "ask_model", "Ask a language model", CATEGORY, AskOptions
    help = "Asks the language model that is turned on; with a schema the reply is read as JSON."
    resource = "network"
    inputs = (Port("inputs", "any", many=True, optional=True, help="what the prompt speaks of"),)
    outputs = (Port("text", "text"), Port("value", "any"))

    def run(self, inputs: Mapping[str, Any], options: AskOptions, context: StepContext) -> dict[str, Any]:
        """Asks."""
        schema = _schema(options.schema)
        messages = [{"role": "user", "content": filled(options.prompt, list(inputs["inputs"]))}]
        if options.system:
            messages.insert(0, {"role": "system", "content": options.system})
        text, usage = context.chat(messages, schema=schema, backend=options.backend, purpose="workflow")
        context.progress(1.0, str(usage))
        return {"text": text, "value": json.loads(text) if schema is not None else text}


def filled(prompt: str, inputs: list[Any]) -> str:
    """Puts the inputs into a prompt's places.

    Raises
    ------
    InputError
        If a place has no input.
    """

    def put(match: re.Match[str]) -> str:
        name = match.group(1)
        if name == "input":
            return "\n\n".join(in_words(value) for value in inputs)
        if name.isdigit():
            if not 1 <= int(name) <= len(inputs):
                raise InputError.at(
                    f"the prompt speaks of input {{{name}}}, and there are {len(inputs)}", element="prompt"
                )
            return in_words(inputs[int(name) - 1])
        return match.group()

    return _HOLE.sub(put, prompt)


def in_words(value: Any) -> str:
    """Writes a value as text for a prompt."""
    if isinstance(value, Problem):
        return f"{value.statement}\n{value.formulation.text}".strip()
    if isinstance(value, Solved):
        result = value.result
        return f"{in_words(value.problem)}\nstatus {result.status.value}, objective {result.objective}"
    if isinstance(value, Table):
        rows = list(zip(*(column.values.tolist() for column in value.columns), strict=True))
        lines = [", ".join(map(str, row)) for row in [value.header, *rows[:_ROWS]]]
        return "\n".join(lines) + (f"\n({len(rows) - _ROWS} more rows)" if len(rows) > _ROWS else "")
    if isinstance(value, list | tuple):
        return "\n".join(in_words(each) for each in value)
    return str(value)


def _schema(text: str) -> dict[str, Any] | None:
    if not text.strip():
        return None
    try:
        found = json.loads(text)
    except ValueError as error:
        raise InputError.at(f"the schema is no JSON: {error}", element="schema") from None
    if not isinstance(found, dict):
        raise InputError.at("the schema is no JSON object", element="schema")
    return found
