"""What a computation leaves behind: frozen records of NumPy arrays that check their shapes once."""

from gruviz.records.trace import Array, Trace, Weights

__all__ = ["Array", "Trace", "Weights"]
