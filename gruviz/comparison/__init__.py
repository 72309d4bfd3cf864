"""The Compare page: one sequence read by every cell of a task, and what people say of the cells."""

from gruviz.comparison.comparison import Comparison, compare, compare_models, summary

__all__ = ["Comparison", "compare", "compare_models", "summary"]
