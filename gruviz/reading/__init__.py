"""The Step page: a model that has read a text, with what can be said and taken away of it."""

from gruviz.reading.reading import Reading, read

__all__ = ["Reading", "read"]
