"""A reading's files: what stands in them beside the trace, and that other programs read them."""

import csv
import io
import json

import numpy as np
import pytest

from gruviz.errors import GruvizError
from gruviz.models import load_model
from gruviz.reading import read
from gruviz.reading.export import Export, answer_columns, file_name
from gruviz.records import parsed
from gruviz.signals import CELLS, Notation

WRITE = Notation(one_means="write")


def export(model="sentiment-gru", text="not bad", notation=WRITE):
    return Export(read(load_model(model), text), notation)


def test_the_update_gate_is_pytorchs_under_its_own_name_and_the_screens_under_another():
    """0.0937 and 0.9063 of one gate: each name means the same in every file."""
    for notation in (Notation(), WRITE):
        made = export(notation=notation)
        rows = list(csv.DictReader(io.StringIO(made.to_csv(), newline="")))[made.reading.trace.units :]
        z = made.reading.trace["z"].ravel()
        assert [float(row["z"]) for row in rows] == z.tolist()
        if notation is WRITE:
            np.testing.assert_array_equal([float(row["z_write"]) for row in rows], [1 - value for value in z.tolist()])
        else:
            assert "z_write" not in rows[0]


def test_columns_by_notation():
    assert list(Notation().columns(CELLS["GRU"])) == ["r", "z", "n", "h"]
    assert list(WRITE.columns(CELLS["GRU"])) == ["r", "z", "z_write", "n", "h"]
    assert list(WRITE.columns(CELLS["LSTM"])) == ["i", "f", "g", "o", "c", "h"]
    assert WRITE.convention(CELLS["LSTM"]) == WRITE.convention(CELLS["RNN"]) == ""


def test_numpy_reads_the_table_without_being_told_anything():
    made = export("brackets-gru", "([])")
    table = np.genfromtxt(io.StringIO(made.to_csv()), delimiter=",", names=True, dtype=None, encoding="utf-8")
    assert len(table) == 5 * made.reading.trace.units
    np.testing.assert_allclose(table["z_write"][made.reading.trace.units :], 1 - made.reading.trace["z"].ravel())


def test_answers_of_all_options_are_in_the_archive_and_five_in_the_table():
    made = export("openings-gru", "e4 c5")
    shares = made.reading.answers.shares
    with np.load(io.BytesIO(made.to_npz()), allow_pickle=False) as arrays:
        np.testing.assert_array_equal(arrays["answer_probabilities"], shares)
        assert len(arrays["answer_options"]) == shares.shape[1]
        assert arrays["answer_actual"].tolist() == ["c5", ""]
    columns = answer_columns(made.reading.answers)
    best = np.sort(shares, axis=1)[:, ::-1]
    for place in range(5):
        suffix = f"_{place + 1}" if place else ""
        np.testing.assert_array_equal(columns[f"probability{suffix}"], best[:, place])
    assert "answer_6" not in columns


def test_numbers_that_are_not_known_are_null():
    text = json.loads(export("sunspots-gru", "10 20 30").to_json())
    assert text["answers"]["actual"][-1] is None
    assert text["answers"]["actual"][0] == pytest.approx(20)
    assert text["answers"]["baseline_values"] == [pytest.approx([10, 20, 30])]


def test_numbers_beside_the_answers_are_called_as_on_screen():
    made = export("adding-gru", "0.5 1; 0.2 0; 0.25 1")
    columns, fields = answer_columns(made.reading.answers), json.loads(made.to_json())["answers"]
    assert columns["sum_so_far"][1:] == fields["sum_so_far"] == pytest.approx([0.5, 0.5, 0.75])
    assert not {"actual"} & (set(columns) | set(fields))


@pytest.mark.parametrize(
    ("text", "name"),
    [("", ""), ("a/b\\c:d", "a-b-c-d"), ("CON", "con"), ("..", "8e4a3d0d"), ("é", "e"), ("x" * 99, "x" * 40)],
)
def test_names_of_files_are_plain_on_every_system(text, name):
    made = file_name("gruviz", text)
    assert made == f"gruviz_{name}".rstrip("_") or (name == "8e4a3d0d" and len(made) == len("gruviz_") + 8)
    assert made.isascii()
    assert not set(made) & set('/\\:*?"<>|. ')


def test_files_of_a_changed_run_say_what_was_changed_and_hold_its_numbers():
    model, text = load_model("sentiment-gru"), "z[3,5]@2=1;read@1=never%2C;skip@3"
    with pytest.raises(GruvizError, match="2 words"):
        read(model, "not bad at all", parsed(text))
    text = text.replace("never%2C", "never")
    changed = Export(read(model, "not bad at all", parsed(text)), Notation())
    rows = list(csv.DictReader(io.StringIO(changed.to_csv(), newline="")))
    assert {row["what_if"] for row in rows} == {text.replace(",", " ")}
    assert parsed(rows[0]["what_if"]) == changed.reading.what_if
    assert {row["token"] for row in rows} == {"", "never", "bad", "at", "all"}
    held = [float(row["z"]) for row in rows if row["step"] == "2" and row["unit"] in ("3", "5")]
    assert held == [1, 1]
    assert json.loads(changed.to_json())["what_if"] == text.replace(",", " ")
    with np.load(io.BytesIO(changed.to_npz()), allow_pickle=False) as arrays:
        assert str(arrays["what_if"]) == text.replace(",", " ")
        np.testing.assert_array_equal(arrays["z"], changed.reading.trace["z"])
    assert "what_if" not in csv.DictReader(io.StringIO(export().to_csv())).fieldnames
