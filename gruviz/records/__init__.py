"""What a computation leaves behind: frozen records of NumPy arrays that check their shapes once."""

from gruviz.records.answers import ACTUAL, Answers, Shares, Values
from gruviz.records.gate_statistics import GateStatistics
from gruviz.records.gradient_flow import GradientFlow, GradientFlows
from gruviz.records.jacobians import InputRelevance, SingularValues
from gruviz.records.lifetimes import Lifetimes
from gruviz.records.trace import Array, Trace, Weights

__all__ = [
    "ACTUAL",
    "Answers",
    "Array",
    "GateStatistics",
    "GradientFlow",
    "GradientFlows",
    "InputRelevance",
    "Lifetimes",
    "Shares",
    "SingularValues",
    "Trace",
    "Values",
    "Weights",
]
