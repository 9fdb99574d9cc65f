"""All that a plugin may import: re-exports, nothing else."""

from solvitur.hooks.contracts import (
    ChatModel,
    Decomposer,
    Example,
    Explainer,
    Exporter,
    Formaliser,
    Imported,
    Importer,
    Job,
    Kind,
    Solved,
    Solver,
    StepType,
    Visualiser,
)
from solvitur.hooks.specs import hook
from solvitur.problem.answers import tidied, worst_violation
from solvitur.problem.convexity import is_convex
from solvitur.problem.document import Choice, Formulation, Problem
from solvitur.problem.errors import InputError, PluginError, SolverFailed, SolviturError
from solvitur.problem.features import Feature, why_not
from solvitur.problem.findings import Finding, Place, Severity
from solvitur.problem.instance import (
    CONTINUOUS,
    INTEGER,
    SEMI_CONTINUOUS,
    SEMI_INTEGER,
    Block,
    Instance,
    Label,
    MatrixInstance,
    QuadraticRow,
    SparseRows,
    element_at,
)
from solvitur.problem.options import option
from solvitur.problem.pictures import (
    Bars,
    Gantt,
    Graph,
    Heatmap,
    Lines,
    Picture,
    Routes,
    Scatter,
    TablePicture,
)
from solvitur.problem.records import Record
from solvitur.problem.result import Limits, Result, Status, relative_gap
from solvitur.problem.tables import Column, Table, column_values
from solvitur.problem.verification import ElementCheck, RowCheck, Verification

__all__ = [
    "CONTINUOUS",
    "INTEGER",
    "SEMI_CONTINUOUS",
    "SEMI_INTEGER",
    "Bars",
    "Block",
    "ChatModel",
    "Choice",
    "Column",
    "Decomposer",
    "ElementCheck",
    "Example",
    "Explainer",
    "Exporter",
    "Feature",
    "Finding",
    "Formaliser",
    "Formulation",
    "Gantt",
    "Graph",
    "Heatmap",
    "Imported",
    "Importer",
    "InputError",
    "Instance",
    "Job",
    "Kind",
    "Label",
    "Limits",
    "Lines",
    "MatrixInstance",
    "Picture",
    "Place",
    "PluginError",
    "Problem",
    "QuadraticRow",
    "Record",
    "Result",
    "Routes",
    "RowCheck",
    "Scatter",
    "Severity",
    "Solved",
    "Solver",
    "SolverFailed",
    "SolviturError",
    "SparseRows",
    "Status",
    "StepType",
    "Table",
    "TablePicture",
    "Verification",
    "Visualiser",
    "column_values",
    "element_at",
    "hook",
    "is_convex",
    "option",
    "relative_gap",
    "tidied",
    "why_not",
    "worst_violation",
]
