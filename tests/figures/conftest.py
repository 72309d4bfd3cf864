"""Every figure that a test of this folder makes must have the JSON that plotly's own objects have, and be valid."""

import base64
import json

import numpy as np
import plotly.graph_objects as go
import pytest

from gruviz.figures.lazy import LazyFigure


@pytest.fixture(autouse=True)
def _as_plotly_says(monkeypatch):
    made, begin = [], LazyFigure.__init__

    def kept(figure, data, layout):
        begin(figure, data, layout)
        made.append((data, layout))

    monkeypatch.setattr(LazyFigure, "__init__", kept)
    yield
    monkeypatch.undo()
    for data, layout in made:
        assert numbers(LazyFigure(data, layout)) == numbers(go.Figure(data=data, layout=layout))


def numbers(figure):
    """A figure's JSON with its arrays as lists, whatever type their numbers are sent as, and without what is empty."""

    def unpacked(value):
        if set(value) - {"shape"} != {"dtype", "bdata"}:
            return {key: part for key, part in value.items() if part is not None and part != []}
        array = np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"])
        shape = [int(size) for size in value.get("shape", str(array.size)).split(",")]
        return np.where(np.isnan(array), None, array.astype(object)).reshape(shape).tolist()

    return json.loads(figure.to_json(validate=False), object_hook=unpacked)
