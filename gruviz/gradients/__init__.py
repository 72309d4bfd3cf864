"""True gradients of RNN, LSTM and GRU through time: how they decay, the Jacobians behind it, and which inputs count.

Everything here runs in float64, from a zero state, by the chain rule written out (no autograd), and leaves the
caller's module as it was.
"""

from gruviz.gradients.flow import gradient_flow, gradient_flows
from gruviz.gradients.jacobians import state_jacobian_singular_values, step_jacobian_eigenvalues
from gruviz.gradients.relevance import input_relevance

__all__ = [
    "gradient_flow",
    "gradient_flows",
    "input_relevance",
    "state_jacobian_singular_values",
    "step_jacobian_eigenvalues",
]
