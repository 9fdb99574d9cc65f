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
    StepContext,
    StepType,
    Visualiser,
)
from solvitur.hooks.executors import Crew, Executor
from solvitur.hooks.specs import hook
from solvitur.language.checking import check as check_model
from solvitur.language.compile import compile_model, is_penalty
from solvitur.language.data import Bound as BoundModel
from solvitur.language.data import Examined as ExaminedData
from solvitur.language.data import bind as bind_model
from solvitur.language.data import examine as examine_data
from solvitur.language.data import files_wanted
from solvitur.language.data_match import is_named as is_table_named
from solvitur.language.elements import Model
from solvitur.language.parsing import parse as parse_model
from solvitur.language.verify import verify as verify_model
from solvitur.problem.answers import tidied, worst_violation
from solvitur.problem.columns import Columns, Field, match_columns, plain_name
from solvitur.problem.convexity import is_convex
from solvitur.problem.document import Choice, Formulation, Problem
from solvitur.problem.drafts import Draft, Evidence, Question
from solvitur.problem.errors import InputError, PluginError, SolverFailed, SolviturError
from solvitur.problem.features import Feature, why_not
from solvitur.problem.findings import Finding, Place, Severity
from solvitur.problem.instance import (
    CONTINUOUS,
    INTEGER,
    SEMI_CONTINUOUS,
    SEMI_INTEGER,
    Block,
    ConditionalRows,
    Denominator,
    Instance,
    Label,
    MatrixInstance,
    QuadraticRow,
    SparseRows,
    element_at,
)
from solvitur.problem.options import option, read_options
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
from solvitur.problem.result import Limits, Result, Status, is_proven, relative_gap
from solvitur.problem.rules import read_rules, write_rules
from solvitur.problem.syntax import expression_tree
from solvitur.problem.tables import Column, Table, column_values
from solvitur.problem.usage import Usage, tokens_in
from solvitur.problem.verification import ElementCheck, RowCheck, Verification
from solvitur.workflow.forms import from_text as parse_workflow
from solvitur.workflow.model import Link, Step, Workflow
from solvitur.workflow.ports import Port

__all__ = [
    "CONTINUOUS",
    "INTEGER",
    "SEMI_CONTINUOUS",
    "SEMI_INTEGER",
    "Bars",
    "Block",
    "BoundModel",
    "ChatModel",
    "Choice",
    "Column",
    "Columns",
    "ConditionalRows",
    "Crew",
    "Decomposer",
    "Denominator",
    "Draft",
    "ElementCheck",
    "Evidence",
    "ExaminedData",
    "Example",
    "Executor",
    "Explainer",
    "Exporter",
    "Feature",
    "Field",
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
    "Link",
    "MatrixInstance",
    "Model",
    "Picture",
    "Place",
    "PluginError",
    "Port",
    "Problem",
    "QuadraticRow",
    "Question",
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
    "Step",
    "StepContext",
    "StepType",
    "Table",
    "TablePicture",
    "Usage",
    "Verification",
    "Visualiser",
    "Workflow",
    "bind_model",
    "check_model",
    "column_values",
    "compile_model",
    "element_at",
    "examine_data",
    "expression_tree",
    "files_wanted",
    "hook",
    "is_convex",
    "is_penalty",
    "is_proven",
    "is_table_named",
    "match_columns",
    "option",
    "parse_model",
    "parse_workflow",
    "plain_name",
    "read_options",
    "read_rules",
    "relative_gap",
    "tidied",
    "tokens_in",
    "verify_model",
    "why_not",
    "worst_violation",
    "write_rules",
]
