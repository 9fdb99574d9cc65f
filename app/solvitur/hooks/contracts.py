"""What each kind of plugin part looks like. Structural: a part need not inherit from anything of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol, runtime_checkable

from solvitur.problem.document import Problem
from solvitur.problem.drafts import Draft
from solvitur.problem.features import Feature
from solvitur.problem.findings import Finding
from solvitur.problem.instance import Instance
from solvitur.problem.pictures import Picture
from solvitur.problem.records import Record
from solvitur.problem.result import Result
from solvitur.problem.tables import Table
from solvitur.problem.usage import Usage
from solvitur.problem.verification import Verification
from solvitur.workflow.model import Workflow
from solvitur.workflow.ports import Port


class Job(Protocol):
    """What a running solver sees of its job: the limits it must honour and the ways to report."""

    @property
    def time_limit_s(self) -> float: ...
    @property
    def relative_gap(self) -> float: ...
    @property
    def threads(self) -> int: ...
    @property
    def seed(self) -> int: ...
    @property
    def cancelled(self) -> bool:
        """Whether the user pressed Stop; return the best answer so far soon."""
        ...

    @property
    def elapsed_s(self) -> float: ...
    @property
    def remaining_s(self) -> float: ...

    def incumbent(self, answer: Any, objective: float) -> None:
        """Reports a new best answer; it is drawn live and kept if the run is stopped. Returns quickly."""
        ...

    def bound(self, value: float) -> None:
        """Reports a proven bound on the objective."""
        ...

    def progress(self, fraction: float | None, text: str = "") -> None:
        """Reports how far the work is (0..1, None: unknown) and what is being done."""
        ...

    def log(self, text: str) -> None:
        """Adds lines to the run's log."""
        ...


@runtime_checkable
class Solver(Protocol):
    """Solves instances. Optional attributes: ``in_thread`` (True: safe without a worker process),
    ``rank(instance) -> (score, reason)`` (for Auto: 0..1, higher is better), ``available() -> str``
    (a reason why it cannot run here, empty when it can), ``unable(instance) -> str`` (a reason why it
    cannot take this very instance although it handles its features, empty when it can)."""

    name: str
    title: str
    options: ClassVar[type | None]
    handles: frozenset[Feature]

    def solve(self, instance: Any, options: Any, job: Job) -> Result: ...


@dataclass(frozen=True, eq=False)
class Solved(Record, tag="solved"):
    """What visualisers, explainers and exporters of answers are given."""

    problem: Problem
    instance: Any
    result: Result
    verification: Verification | None = None


@runtime_checkable
class Visualiser(Protocol):
    """Makes pictures of an answer. ``suits`` ranks 0 (not at all) to 1 (made for it)."""

    name: str
    title: str

    def suits(self, solved: Solved) -> float: ...
    def draw(self, solved: Solved) -> Sequence[Picture]: ...


@runtime_checkable
class Kind(Protocol):
    """A kind of formulation: how it is checked, bound to data, verified and read back.

    Optional methods: ``inspect(instance) -> (facts, pictures)``, where facts map words to numbers or words
    and the pictures show the instance's structure; ``files_wanted(problem)``, the names of the data files that
    are to be read into tables before `bind`; ``missing(problem)``, the data still missing, as ``name: what``."""

    name: str
    title: str

    def check(self, problem: Problem) -> Sequence[Finding]:
        """Finds all that is wrong or missing, without raising."""
        ...

    def bind(self, problem: Problem) -> Instance:
        """Binds the formulation to its data (``problem.choice.objective`` picks among several objectives).

        Raises
        ------
        InputError
            If the formulation or its data cannot be bound.
        """
        ...

    def verify(self, problem: Problem, instance: Any, result: Result) -> Verification:
        """Checks an answer against the formulation, sharing no code with `bind` or any solver."""
        ...

    def values(self, instance: Any, answer: Any) -> Mapping[str, Any]:
        """Reads an answer as JSON-ready names and values, nested by index."""
        ...


@dataclass(frozen=True, eq=False)
class Imported(Record, tag="imported"):
    """What a file held: a whole problem, or tables, and what is to be said about the reading."""

    problem: Problem | None = None
    tables: tuple[Table, ...] = ()
    findings: tuple[Finding, ...] = ()


@runtime_checkable
class Importer(Protocol):
    """Reads a file format. ``suffixes`` such as ``(".mps", ".mps.gz")``; optional attribute ``options``."""

    name: str
    title: str
    suffixes: tuple[str, ...]

    def recognises(self, path: Path, head: bytes) -> float:
        """Ranks from the name and the first bytes: 0 (not ours) to 1 (certainly ours)."""
        ...

    def read(self, path: Path, options: Mapping[str, Any]) -> Imported:
        """Reads the file.

        Raises
        ------
        InputError
            With file, line and what was expected, if the file is malformed.
        """
        ...


@runtime_checkable
class Exporter(Protocol):
    """Writes a `Problem`, a bound `Instance`, a `Solved` or a `Table` to a file."""

    name: str
    title: str
    suffixes: tuple[str, ...]

    def accepts(self, thing: object) -> bool: ...
    def write(self, thing: Any, path: Path) -> None: ...


@dataclass(frozen=True)
class Example(Record, tag="example"):
    """A bundled problem: ``folder`` holds the .slv, its data files, ``statement.txt`` and ``picture.png``."""

    name: str
    title: str
    story: str
    folder: str
    model: str
    optimum: float
    tags: tuple[str, ...] = ()


@runtime_checkable
class Explainer(Protocol):
    """Says why an answer (or its absence) came out so. Optional attribute: ``in_worker`` (True: it may take long, or
    runs native code, and is asked in a worker process). Its instance has logic written as rows where that can be."""

    name: str
    title: str

    def explain(self, solved: Solved) -> Sequence[Finding]: ...


@runtime_checkable
class Formaliser(Protocol):
    """Turns words into a formulation draft. Optional attribute: ``available() -> str``, why it cannot work now."""

    name: str
    title: str

    def draft(self, statement: str, tables: Sequence[Table], answers: Mapping[str, str]) -> Draft:
        """Drafts a model; ``answers`` are what the user said to earlier questions, by the question's name.

        It never raises for what a statement says or lacks: that is said in the draft.
        """
        ...


@runtime_checkable
class ChatModel(Protocol):
    """A language-model backend; it is called only once the user turned it on.

    ``options`` never hold a key. Options called ``price_in`` and ``price_out`` are the prices of a million tokens.
    Optional: ``available() -> str``, why it cannot answer now (empty: it can); ``local`` (True: nothing leaves this
    machine); ``close()``, for when no more is asked; ``models(options)``, the names of the models there are;
    ``preview(messages, options, schema)``, exactly what would be sent, without the key, as a mapping; and for those
    that need a key ``key_state(options)``, in words where it is (empty: nowhere), and
    ``keep_key(options, key, for_good)`` and ``forget_key(options)``, which say what they did.
    """

    name: str
    title: str
    options: ClassVar[type | None]

    def reply(
        self, messages: Sequence[Mapping[str, str]], options: Any, schema: Mapping[str, Any] | None
    ) -> Iterator[str]:
        """Streams a reply piece by piece; closing the iterator cancels the request.

        ``messages`` have ``role`` and ``content``; with a JSON ``schema`` the pieces together are such JSON.
        An empty piece every tenth of a second or so while nothing comes lets the user stop it; a generator may
        return a `Usage`.

        Raises
        ------
        SolviturError
            With a sentence for the user, if no whole reply can be had. With an attribute ``again`` that is true,
            pieces came and the rest did not: it is asked once more.
        """
        ...


class StepContext(Protocol):
    """What a running workflow step is given: services of the engine, and ways to report."""

    @property
    def seed(self) -> int:
        """A seed of this step's own; the same workflow gives the same one in every run."""
        ...

    @property
    def folder(self) -> Path:
        """Where file names in options are looked for and written to."""
        ...

    @property
    def cancelled(self) -> bool:
        """Whether the run was stopped, or the step's time is up; return soon."""
        ...

    def progress(self, fraction: float | None, text: str = "") -> None:
        """Reports how far the step is (0..1, None: unknown) and what it does."""
        ...

    def log(self, text: str) -> None:
        """Adds lines to the step's log."""
        ...

    def read(self, path: Path) -> Imported:
        """Reads a file with the importer that suits it best; a problem comes with its data files read."""
        ...

    def bind(self, problem: Problem) -> Any:
        """Binds a problem to its data through its kind."""
        ...

    def solve(self, problem: Problem, instance: Any = None) -> Solved:
        """Solves and verifies a problem as its choice says; without an answer the result's status says why."""
        ...

    def verify(self, solved: Solved) -> Verification:
        """Checks an answer through its problem's kind."""
        ...

    def values(self, solved: Solved) -> Mapping[str, Any]:
        """Reads an answer as names and values, nested by index."""
        ...

    def split(self, instance: Any, by: str = "auto") -> tuple[str, Sequence[Any], Any]:
        """Splits an instance with a decomposer: its name, the parts, and what `reunite` needs to know."""
        ...

    def reunite(self, by: str, inverse: Any, answers: Sequence[Any]) -> Any:
        """Puts the answers of the parts, in their order, together with the decomposer that made the parts."""
        ...

    def refine(self, by: str, instance: Any, inverse: Any, answers: Sequence[Any]) -> tuple[Sequence[Any], Any]:
        """Returns the next parts of an instance, cut where it hurts, and what `reunite` needs for them."""
        ...

    def draw(self, solved: Solved) -> Sequence[Picture]:
        """Draws an answer with every visualiser that suits it, best first."""
        ...

    def export(self, thing: Any, path: Path) -> None:
        """Writes a problem, an answer or a table with the exporter that the name's ending asks for."""
        ...

    def call(self, code: str, function: str, arguments: Mapping[str, Any]) -> Any:
        """Runs a function of the given Python code in a worker process."""
        ...

    def ask(self, question: str, shown: Any = None) -> str:
        """Asks a person, shows them something, and waits for the answer."""
        ...

    def chat(
        self,
        messages: Sequence[Mapping[str, str]],
        *,
        schema: Mapping[str, Any] | None = None,
        backend: str = "",
        purpose: str = "",
    ) -> tuple[str, Usage]:
        """Asks the language model that the user turned on; with a ``schema`` the reply is JSON.

        Raises
        ------
        SolviturError
            With a sentence for the user: none is turned on, the budget is spent, it gave no reply, it was stopped.
        """
        ...


@runtime_checkable
class StepType(Protocol):
    """A type of workflow step: its typed ports, its options and what it does.

    Optional attributes: ``help``, one sentence; ``resource``, whose limit it counts against (``light``, ``worker``,
    ``network``, ``person``; default ``light``); ``irreversible`` (True: it changes something outside, and runs only
    once that is approved; never answered from the cache); ``is_code`` (True: it runs the user's own code, which is
    approved before the first time); ``ports(options) -> (inputs, outputs)``, for ports that depend on the options;
    ``reads(options) -> names of files`` whose content decides the outcome too; ``volatile`` (True: it runs each time,
    as what it reads may have changed; what follows runs again only if it made something else);
    ``read_options(given) -> options``, for options that no form can hold; ``enough(value, options) -> bool`` (asked
    of each value that comes in: once it says yes, the steps that would make the others are stopped; such a step runs
    on what there is, and one that fails before it costs only itself)."""

    name: str
    title: str
    category: str
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    options: ClassVar[type | None]

    def run(self, inputs: Mapping[str, Any], options: Any, context: StepContext) -> Mapping[str, Any] | Workflow:
        """Makes the outputs, by port.

        A `Workflow` runs in the step's place: its step named like an output port makes that output, with the
        first of its own outputs.
        """
        ...


@runtime_checkable
class Decomposer(Protocol):
    """Splits an instance into parts and reunites their answers.

    Optional: ``suits(instance) -> float``, 0 (cannot split it) to 1 (made for it), 0.5 where it is not there;
    ``refine(instance, inverse, answers) -> (parts, inverse)``, the next cuts, where the present ones hurt."""

    name: str
    title: str

    def split(self, instance: Any) -> tuple[Sequence[Any], Any]:
        """Returns the parts, instances again, and what `reunite` needs to know (a record, array or plain value).

        Raises
        ------
        InputError
            If the instance cannot be split this way.
        """
        ...

    def reunite(self, inverse: Any, answers: Sequence[Any]) -> Any:
        """Puts the parts' answers, in their order, together into one of the whole; the engine verifies it."""
        ...
