"""The sections that take measurements, drawn beside the rest of the page."""

import streamlit as st

from gruviz.comparison.claims import Evidence
from gruviz.models import measures
from gruviz.models.results import TaskResult, results
from gruviz.models.studies import studies
from gruviz.ui.compare.sections.claims import claims
from gruviz.ui.compare.sections.costs import cost_table, costs
from gruviz.ui.compare.sections.gates import gates
from gruviz.ui.long_work import silent


@st.fragment(parallel=True)
def measured(task: TaskResult) -> None:
    """Sizes and times, the gates over the test set, and what people say, beside these numbers."""
    table = costs(task)
    statistics = measures.gates(task.name, on_progress=silent)
    memory = measures.memory(task.name, on_progress=silent)
    gates(task.name, statistics)
    times, same = cost_table(task, table)
    claims(Evidence(task, results(), statistics, memory, times, same, studies()))
