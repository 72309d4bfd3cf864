"""Figures that stay plain dicts for as long as nobody asks for plotly's objects."""

import base64
import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import plotly.graph_objects as go
import plotly.io

Description = dict[str, Any]


class LazyFigure(go.Figure):  # type: ignore[misc]  # plotly has no types
    """A `go.Figure` that is made, and so checked, when something of it is asked for other than its JSON.

    A page asks for no more than that, and plotly's objects take longer to make than all that is in them. The JSON is
    the same either way; tests make every figure whole.
    """

    def __init__(self, data: Sequence[Description], layout: Description) -> None:
        # nothing of go.Figure is there yet: what is missing is what `__getattr__` is asked for
        self.__dict__.update(_description=(list(data), layout), _making=threading.RLock(), _state="described")

    def __getattr__(self, name: str) -> Any:
        """Makes the figure whole when the first part of it is missed."""
        with self.__dict__["_making"]:
            if self.__dict__["_state"] == "described":
                data, layout = self.__dict__["_description"]
                self.__dict__["_state"] = "half made"  # plotly asks for what is not there while it makes the rest
                super().__init__(data=data, layout=layout, skip_invalid=False)
                self.__dict__["_state"] = "whole"
                return getattr(self, name)
        raise AttributeError(name)

    def to_dict(self) -> Description:
        """The figure as JSON can hold it; don't change what is in it."""
        if self.__dict__["_state"] == "whole":
            whole: Description = super().to_dict()
            return whole
        data, layout = self.__dict__["_description"]
        return {"data": _plain(data), "layout": _plain(layout | {"template": _template(layout["template"])})}

    def __reduce__(self) -> tuple[Any, ...]:
        return (go.Figure, (self.to_dict(),))


@lru_cache(maxsize=4)
def _template(name: str) -> Description:
    """What plotly puts where a template is named."""
    template: Description = plotly.io.templates[name].to_plotly_json()
    return template


def _plain(value: Any) -> Any:
    """Arrays as plotly.js takes them: their type, their numbers in base64, and their shape."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if not isinstance(value, np.ndarray):
        return value
    if value.dtype.kind not in "fiu" or (value.dtype.itemsize > 4 and value.dtype.kind != "f"):
        return value.tolist()
    numbers = np.ascontiguousarray(value, value.dtype.newbyteorder("<"))
    array = {"dtype": value.dtype.str[1:], "bdata": base64.b64encode(numbers.data).decode("ascii")}
    return array | ({"shape": ", ".join(map(str, value.shape))} if value.ndim > 1 else {})
