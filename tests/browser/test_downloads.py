"""What is taken away says the same as the screen."""

import csv
import io
import json
import subprocess
import sys

import numpy as np

from gruviz.models import load_model

TEXT = "a, b"


def test_numbers_figure_and_program(step_page, tmp_path):
    trace = load_model("random").trace(TEXT)
    step_page.open(model="Random weights", seq=TEXT)
    files = {}
    with step_page.popover("Export") as menu:
        for name in ("Numbers, CSV", "Numbers, NPZ", "Numbers, JSON", "Figure, HTML", "PyTorch program"):
            with step_page.page.expect_download() as download:
                menu.get_by_role("button", name=name).click()
            files[name] = tmp_path / download.value.suggested_filename
            download.value.save_as(files[name])
    assert [path.name for path in files.values()] == [
        f"gruviz_random_a-b.{ending}" for ending in ("csv", "npz", "json", "html", "py")
    ]

    signals = list(zip(*trace.rows(), strict=True))
    with files["Numbers, CSV"].open(newline="", encoding="utf-8") as file:
        columns = list(zip(*csv.reader(file), strict=True))
    assert columns[: len(signals)] == [tuple(map(str, column)) for column in signals]
    with np.load(files["Numbers, NPZ"]) as arrays:
        for key in "rznh":
            np.testing.assert_array_equal(arrays[key], trace[key])
    assert json.loads(files["Numbers, JSON"].read_text(encoding="utf-8")).items() >= json.loads(trace.to_json()).items()
    assert "Plotly.newPlot" in files["Figure, HTML"].read_text(encoding="utf-8")

    program = subprocess.run([sys.executable, files["PyTorch program"]], capture_output=True, text=True, check=True)
    printed = list(csv.reader(io.StringIO(program.stdout)))[1:]
    expected = np.stack([trace[key] for key in "rznh"], -1).reshape(-1, 4)
    assert [row[:3] for row in printed] == [[str(t + 1), TEXT[t], str(j)] for t in range(len(TEXT)) for j in range(8)]
    np.testing.assert_allclose([[float(value) for value in row[3:]] for row in printed], expected, atol=1e-6)
