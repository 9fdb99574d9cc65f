"""Standard files: LP and MPS models, .slv models, tables; and the kind of formulation that LP and MPS files are."""

from __future__ import annotations

from solvitur.api import Exporter, Importer, Kind, hook
from solvitur_files.answer_files import AnswerJson, AnswerTable
from solvitur_files.delimited import DelimitedText
from solvitur_files.json_tables import JsonData
from solvitur_files.matrix_kind import MatrixKind
from solvitur_files.matrix_reading import LpFile, MpsFile
from solvitur_files.model_files import LpWriter, MpsWriter
from solvitur_files.sheets import Workbook
from solvitur_files.text_model import SlvFile


@hook
def kinds() -> list[Kind]:
    """Offers the kind of LP and MPS files."""
    return [MatrixKind()]


@hook
def importers() -> list[Importer]:
    """Offers the readers of every file format here."""
    return [MpsFile(), LpFile(), SlvFile(), DelimitedText(), Workbook(), JsonData()]


@hook
def exporters() -> list[Exporter]:
    """Offers the writers of every file format here."""
    return [MpsWriter(), LpWriter(), SlvFile(), DelimitedText(), Workbook(), AnswerTable(), AnswerJson()]
