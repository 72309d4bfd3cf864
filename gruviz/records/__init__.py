"""What a computation leaves behind: frozen records of NumPy arrays that check their shapes once."""

from gruviz.records.answers import ACTUAL, Answers
from gruviz.records.divergence import Divergence, divergence
from gruviz.records.gate_statistics import GateStatistics
from gruviz.records.gradient_flow import GradientFlow, GradientFlows
from gruviz.records.intervention_text import parsed, written
from gruviz.records.interventions import Hold, Intervention, Replace, Shift, Skip, Span, as_interventions
from gruviz.records.jacobians import InputRelevance, SingularValues
from gruviz.records.leave_one_out import LeaveOneOut
from gruviz.records.lifetimes import Lifetimes
from gruviz.records.shares import Shares
from gruviz.records.trace import Array, Trace, Weights
from gruviz.records.values import Values

__all__ = [
    "ACTUAL",
    "Answers",
    "Array",
    "Divergence",
    "GateStatistics",
    "GradientFlow",
    "GradientFlows",
    "Hold",
    "InputRelevance",
    "Intervention",
    "LeaveOneOut",
    "Lifetimes",
    "Replace",
    "Shares",
    "Shift",
    "SingularValues",
    "Skip",
    "Span",
    "Trace",
    "Values",
    "Weights",
    "as_interventions",
    "divergence",
    "parsed",
    "written",
]
