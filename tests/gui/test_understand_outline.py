"""The outline and its forms: another view of the text, every change one named step."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QPushButton
from understand_world import NO_DATA, TRANSPORT, World

from solvitur.gui.understand.outline.form import ElementForm
from solvitur.gui.understand.outline.model import ROW_ROLE


def _names(world: World) -> list[list[str]]:
    rows = world.place.outline.tree.rows
    groups = [rows.index(k, 0) for k in range(rows.rowCount(QModelIndex()))]
    return [[rows.index(r, 0, group).data(ROW_ROLE).name for r in range(rows.rowCount(group))] for group in groups]


def _field(form: ElementForm, key: str) -> QLineEdit | QPlainTextEdit | QComboBox:
    for kind in (QLineEdit, QPlainTextEdit, QComboBox):
        found = form.findChild(kind, f"form-{key}")
        if found is not None:
            return found
    raise AssertionError(key)


def _fill(world: World, key: str, text: str) -> None:
    field = _field(world.place.outline.form, key)
    if isinstance(field, QComboBox):
        field.setCurrentIndex(field.findData(text))
    elif isinstance(field, QPlainTextEdit):
        field.setPlainText(text)
    else:
        field.setText(text)


def _apply(world: World) -> None:
    before = world.text
    world.place.outline.form.apply()
    world.bot.waitUntil(lambda: world.text != before)
    world.settle()


def _select(world: World, name: str) -> None:
    world.place.outline.tree.set_current(name)
    world.window.context.selection.select(name)
    world.bot.waitUntil(lambda: world.place.outline.form.old_name == name)


def test_the_outline_lists_the_five_elements_with_indices_units_and_descriptions(world: World) -> None:
    world.open()
    assert _names(world) == [
        ["Plants", "Markets"],
        ["supply", "demand", "cost"],
        ["ship"],
        ["freight"],
        ["within_supply", "meet_demand"],
    ]
    row = world.place.outline.tree.rows.find("ship").data(ROW_ROLE)
    assert (row.signature, row.unit, row.description) == ("[p in Plants, m in Markets]", "t", "shipped")


def test_editing_the_text_changes_the_outline(world: World) -> None:
    world.open()
    world.cursor_at("Markets\n", len("Markets"))
    world.type("\nset Roads")
    world.settle()
    assert _names(world)[0] == ["Plants", "Markets", "Roads"]


def test_an_element_with_an_error_shows_it_in_the_outline(world: World) -> None:
    world.open(TRANSPORT.replace("<= supply[p]", "<= suply[p]"))
    row = world.place.outline.tree.rows.find("within_supply").data(ROW_ROLE)
    assert row.severity == "error"
    assert "'suply'" in row.tip


def test_a_form_changes_the_text_in_one_named_step_and_undo_restores_text_and_form(world: World) -> None:
    world.open()
    _select(world, "ship")
    _fill(world, "upper", "supply[p]")
    _fill(world, "domain", "integer")
    _apply(world)
    changed = 'var ship[p in Plants, m in Markets] >= 0 <= supply[p] integer unit "t" "shipped"'
    assert world.text == TRANSPORT.replace('var ship[p in Plants, m in Markets] >= 0  unit "t"  "shipped"', changed)
    assert world.session.undo_title == "Change variable 'ship'"
    world.session.undo()
    world.settle()
    assert world.text == TRANSPORT
    assert world.place.outline.form.values["upper"] == ""


def test_comments_above_and_behind_an_element_stay_when_its_form_changes_it(world: World) -> None:
    world.open()
    _select(world, "within_supply")
    _fill(world, "description", "all there is")
    _apply(world)
    assert "# what there is\nsubject to within_supply[p in Plants]:" in world.text
    _select(world, "cost")
    _fill(world, "unit", "$/t")
    _apply(world)
    assert 'param cost[Plants, Markets] unit "$/t"  # by road\n' in world.text


def test_a_form_says_at_the_field_what_is_wrong_and_cannot_be_applied(world: World) -> None:
    world.open()
    _select(world, "meet_demand")
    form = world.place.outline.form
    _fill(world, "body", "sum(ship[p, m] for p in Plant) >= demand[m]")
    world.bot.waitUntil(lambda: "body" in form.errors)
    assert "'Plants'" in form.errors["body"]
    assert not form.apply_button.isEnabled()
    form.apply()
    world.bot.wait(50)
    assert world.text == TRANSPORT
    _fill(world, "body", "1 +")
    world.bot.waitUntil(lambda: "missing" in form.errors.get("body", ""))
    form.revert()
    assert "Plants" in form.values["body"]
    world.bot.waitUntil(lambda: not form.errors)


def test_a_new_name_in_the_form_renames_the_element_everywhere(world: World) -> None:
    world.open()
    _select(world, "supply")
    _fill(world, "name", "stock")
    _apply(world)
    assert "supply[" not in world.text.replace("within_supply[", "")
    assert "  stock = {Seattle: 350, Gary: 600}" in world.text
    assert not [f for f in world.place.reader.current.findings if f.severity == "error"]
    world.session.undo()
    assert world.text == TRANSPORT


def test_a_new_element_goes_below_the_last_of_its_kind(world: World) -> None:
    world.open()
    world.place.outline.add(4)
    form = world.place.outline.form
    _fill(world, "name", "at_most_ten")
    _fill(world, "index", "p in Plants")
    _fill(world, "body", "sum(ship[p, m] for m in Markets) <= 10")
    _apply(world)
    assert _names(world)[4] == ["within_supply", "meet_demand", "at_most_ten"]
    assert world.session.undo_title == "Add constraint 'at_most_ten'"
    assert "\ndata\n" in world.text
    world.bot.waitUntil(lambda: world.place.outline.tree.current_name == "at_most_ten")
    assert form.old_name == "at_most_ten"


def test_the_first_elements_of_a_model_can_be_made_with_forms_alone(world: World) -> None:
    world.open("")
    for kind, fields in (
        (0, {"name": "I", "value": "1..3"}),
        (2, {"name": "x", "index": "i in I", "upper": "i"}),
        (3, {"name": "total", "sense": "max", "body": "sum(x[i] for i in I)"}),
    ):
        world.place.outline.add(kind)
        for key, text in fields.items():
            _fill(world, key, text)
        _apply(world)
    assert world.text == "set I = 1..3\n\nvar x[i in I] >= 0 <= i\n\nmaximize total: sum(x[i] for i in I)\n"
    world.bot.waitUntil(lambda: world.session.instance() is not None)


def test_deleting_tells_the_uses_first_and_keeps_the_element_when_asked(world: World) -> None:
    world.open()
    _select(world, "cost")
    panel = world.place.outline
    panel.delete()
    says = panel.findChild(QPushButton, "delete-confirm")
    assert says is not None
    world.bot.waitUntil(says.isVisible)
    assert "'cost' is used in 2 places" in panel.delete_question
    keep = panel.findChild(QPushButton, "delete-keep")
    assert keep is not None
    keep.click()
    assert world.text == TRANSPORT
    panel.delete()
    world.bot.waitUntil(says.isVisible)
    says.click()
    world.settle()
    assert "cost[Plants" not in world.text and "cost =" not in world.text
    assert world.session.undo_title == "Delete 'cost'"


def test_an_unused_element_is_deleted_with_the_delete_key_at_once(world: World) -> None:
    world.open("set A\nset B  # second\n")
    _select(world, "B")
    QTest.keyClick(world.place.outline.tree, Qt.Key.Key_Delete)
    world.bot.waitUntil(lambda: world.text == "set A\n")


def test_elements_are_reordered_with_their_comments(world: World) -> None:
    world.open()
    _select(world, "meet_demand")
    world.place.outline.step(-1)
    world.settle()
    assert _names(world)[4] == ["meet_demand", "within_supply"]
    assert world.text.index("meet_demand") < world.text.index("# what there is") < world.text.index("within_supply")
    assert world.session.undo_title == "Move 'meet_demand'"
    assert world.place.outline.tree.current_name == "meet_demand"


def test_dropping_an_element_asks_for_the_move_within_its_group_only(world: World) -> None:
    world.open()
    rows = world.place.outline.tree.rows
    params = rows.index(1, 0)
    dragged = rows.mimeData([rows.index(2, 0, params)])
    assert not rows.canDropMimeData(dragged, Qt.DropAction.MoveAction, 0, 0, rows.index(2, 0))
    rows.dropMimeData(dragged, Qt.DropAction.MoveAction, 0, 0, params)
    world.settle()
    assert _names(world)[1] == ["cost", "supply", "demand"]


def test_missing_data_is_listed_by_name_and_its_table_is_made_ready_to_fill(world: World) -> None:
    world.open(NO_DATA)
    panel = world.place.outline
    world.bot.waitUntil(lambda: panel.missing.names == ("supply", "demand", "cost"))
    button = panel.findChild(QPushButton, "missing-create-cost")
    assert button is not None
    button.click()
    world.bot.waitUntil(lambda: world.session.problem.table("cost") is not None)
    made = world.session.problem.table("cost")
    assert made is not None
    assert made.header == ("Plants", "Markets", "cost")
    assert made.columns[0].values.tolist() == ["Seattle", "Seattle", "Gary", "Gary"]
    assert made.columns[1].values.tolist() == ["NYC", "Chicago", "NYC", "Chicago"]
    assert world.place.view == "tables"
    index = world.place.tables.sheet.grid.currentIndex()
    assert (index.row(), index.column()) == (0, 2)


def test_a_form_that_is_being_filled_is_applied_when_another_element_is_chosen(world: World) -> None:
    world.open()
    _select(world, "ship")
    _fill(world, "description", "sent")
    world.place.outline.tree.setFocus()
    world.place.outline.tree.setCurrentIndex(world.place.outline.tree.rows.find("cost"))
    world.bot.waitUntil(lambda: '"sent"' in world.text)
