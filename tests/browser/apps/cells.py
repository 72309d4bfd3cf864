"""The stepper alone, for any cell and size; the link says which."""

import streamlit as st
from traces import FEATURES, make_trace

from gruviz.signals import Notation
from gruviz.ui.address import address
from gruviz.ui.link import Address
from gruviz.ui.step.screen import screen
from gruviz.ui.step.stepper import Focus, StepperData, stepper

st.set_page_config(layout="wide")
link = st.query_params
trace = make_trace(link.get("cell", "LSTM"), int(link.get("units", 6)), int(link.get("steps", 8)))
names = tuple(link.get("name", f"in{column}") for column in range(FEATURES))
with screen():
    stepper(
        StepperData(trace, (True,) * len(trace), names),
        Notation(link.get("symbols", "pytorch")),
        Focus("0", 1, 0, asked=link.to_dict()),
    )
address(Address(tuple(link.to_dict().items())))
