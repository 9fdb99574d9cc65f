"""A last look at a drafted model: does it read, bind and have an answer, and is its objective bounded?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from solvitur.api import (
    Formulation,
    InputError,
    MatrixInstance,
    Problem,
    Severity,
    SolviturError,
    Table,
    bind_model,
    check_model,
    compile_model,
    parse_model,
)

NO_ANSWER = "No answer meets all of these constraints together."
MOST_COLUMNS = 400
"""Larger models are not solved here."""


def trouble_of(model: str, tables: Sequence[Table] = ()) -> str:
    """Says in a sentence what is wrong with a model; empty if it can be solved."""
    parsed = parse_model(model)
    errors = [each for each in parsed.findings if each.severity is Severity.ERROR]
    errors += [each for each in check_model(parsed.model, model).findings if each.severity is Severity.ERROR]
    if errors:
        return errors[0].text
    try:
        problem = Problem(formulation=Formulation("algebraic", model), tables=tuple(tables))
        instance = compile_model(parsed.model, bind_model(parsed.model, problem))
    except InputError as error:
        return str(error)
    except SolviturError as error:
        return str(error)
    plain = instance.hessian is None and not instance.quadratic_rows and instance.columns <= MOST_COLUMNS
    if not plain or instance.conditional is not None or instance.all_different:
        return ""
    trouble = _relaxed(instance)
    return trouble if instance.denominator is None or trouble == NO_ANSWER else ""


def _relaxed(instance: MatrixInstance) -> str:
    """Solves the model without whole numbers; some milliseconds."""
    import highspy  # noqa: PLC0415 - heavy, and needed only once something was drafted

    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    matrix = instance.matrix
    sense = highspy.ObjSense.kMaximize if instance.sense == "max" else highspy.ObjSense.kMinimize
    bounds = (instance.column_lower, instance.column_upper, instance.row_lower, instance.row_upper)
    floats = [np.ascontiguousarray(each, np.float64) for each in (instance.cost, *bounds)]
    solver.passModel(
        instance.columns, instance.rows, matrix.nonzeros, int(highspy.MatrixFormat.kRowwise), int(sense),
        float(instance.offset), *floats, np.asarray(matrix.start, np.int32), np.asarray(matrix.column, np.int32),
        np.ascontiguousarray(matrix.value, np.float64), np.zeros(instance.columns, np.int32),
    )  # fmt: skip
    solver.run()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return NO_ANSWER
    if status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return "Nothing bounds the goal."
    return ""
