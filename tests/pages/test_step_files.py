"""What can be taken away from the Step page holds what is shown."""

import ast
import csv
import io
import json

import numpy as np
import pytest
import streamlit

from gruviz.models import entries
from tests.models.conftest import weights_folder  # noqa: F401
from tests.pages.step import (
    choose,
    page,
    run,
    typed,
    values,
)  # fmt: skip

MODELS = list(entries())
LAST_DIGIT = 1e-6  # torch may sum in another order in another run, where memory lies otherwise


# Files


@pytest.fixture
def files(monkeypatch):
    """What the download buttons of the page make, by file name."""
    made, original = {}, streamlit.download_button

    def keep(label, data, file_name, *rest, **options):
        made[file_name] = data
        return original(label, data, file_name, *rest, **options)

    monkeypatch.setattr(streamlit, "download_button", keep)
    return made


@pytest.mark.parametrize("story", ["turn", "latch", "hello"])
def test_files_to_take_away_hold_what_is_shown(files, story):
    app = page()
    app.button(key=f"story-{story}").click()
    run(app)
    h = values(app, "h")
    rows = list(csv.DictReader(io.StringIO(files["gruviz.csv"]().decode("utf-8"), newline="")))
    read_h = [float(row["h"]) for row in rows if row["step"] != "0"]
    np.testing.assert_allclose(np.array(read_h).reshape(h.shape), h, rtol=1e-6)
    with np.load(io.BytesIO(files["gruviz.npz"]()), allow_pickle=False) as archive:
        np.testing.assert_array_equal(archive["h"], h)
    text = json.loads(files["gruviz.json"]())
    np.testing.assert_allclose(text["signals"]["h"], h, rtol=1e-6)
    ast.parse(files["gruviz_trace.py"]())
    html = files["gruviz.html"]()
    assert html.lstrip().lower().startswith(("<html", "<!doctype html"))
    assert html.count("bdata") >= 4
    assert {name.rpartition(".")[2] for name in files} == {"csv", "npz", "json", "html", "py"}


def test_files_of_hostile_text(files):
    typed(choose(page(), "model", "sentiment-gru"), '"quoted", </script><script>alert(1)</script> ```')
    rows = list(csv.reader(io.StringIO(files["gruviz.csv"]().decode("utf-8"), newline=""), strict=True))
    assert {len(row) for row in rows} == {len(rows[0])}
    json.loads(files["gruviz.json"]())
    ast.parse(files["gruviz_trace.py"]())
    html = files["gruviz.html"]()
    assert html.count("<script") == html.count("</script>")
