"""What can be taken away from the Step page holds what is shown."""

import ast
import csv
import io
import json

import numpy as np
import pytest

from tests.models.conftest import weights_folder  # noqa: F401
from tests.pages.step import choose, page, run, typed, values
from tests.pages.taken import files_taken


@pytest.fixture
def files():
    with files_taken() as taken:
        yield taken


@pytest.mark.parametrize("story", ["turn", "latch", "hello"])
def test_files_to_take_away_hold_what_is_shown(files, story):
    app = page()
    app.button(key=f"story-{story}").click()
    run(app)
    h = values(app, "h")
    rows = list(csv.DictReader(io.StringIO(files["Numbers, CSV"], newline="")))
    read_h = [float(row["h"]) for row in rows if row["step"] != "0"]
    np.testing.assert_allclose(np.array(read_h).reshape(h.shape), h, rtol=1e-6)
    with np.load(io.BytesIO(files["Numbers, NPZ"]), allow_pickle=False) as archive:
        np.testing.assert_array_equal(archive["h"], h)
    text = json.loads(files["Numbers, JSON"])
    np.testing.assert_allclose(text["signals"]["h"], h, rtol=1e-6)
    ast.parse(files["PyTorch program"])
    html = files["Figure, HTML"]
    assert html.lstrip().lower().startswith(("<html", "<!doctype html"))
    assert html.count("bdata") >= 4


@pytest.mark.parametrize(
    ("model", "text", "name"),
    [
        ("sentiment-gru", "Not bad, ../etc/passwd!", "gruviz_sentiment-gru_not-bad-etc-passwd"),
        ("surnames-lstm", "Dvořák", "gruviz_surnames-lstm_dvorak"),
        ("sentiment-gru", "word " * 50, "gruviz_sentiment-gru_word-word-word-word-word-word-word-word"),
    ],
)
def test_files_are_named_by_model_and_sequence(files, model, text, name):
    typed(choose(page(), "model", model), text)
    names = [files.name(title) for title in files.titles()]
    assert [each.rpartition(".")[0] for each in names] == [name] * 5
    assert {each.rpartition(".")[2] for each in names} == {"csv", "npz", "json", "html", "py"}


def test_texts_without_letters_have_names_of_their_own(files):
    names = set()
    for text in ("()", "([])", "[]"):
        typed(choose(page(), "model", "brackets-gru"), text)
        names.add(files.name("Numbers, CSV"))
    assert len(names) == 3
    assert all(name.removesuffix(".csv").replace("_", "").replace("-", "").isalnum() for name in names)


def test_files_of_hostile_text(files):
    typed(choose(page(), "model", "sentiment-gru"), '"quoted", </script><script>alert(1)</script> ```')
    rows = list(csv.reader(io.StringIO(files["Numbers, CSV"], newline=""), strict=True))
    assert {len(row) for row in rows} == {len(rows[0])}
    json.loads(files["Numbers, JSON"])
    ast.parse(files["PyTorch program"])
    html = files["Figure, HTML"]
    assert html.count("<script") == html.count("</script>")
