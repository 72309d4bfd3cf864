"""The kinds of fields that pages keep in the link: how each is read there and written."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Option = TypeVar("Option", bound=str)
Amount = TypeVar("Amount", int, float)
_WRITTEN = {int: re.compile(r"[+-]?\d{1,9}(\.0*)?", re.ASCII), float: re.compile(r"[+-]?\d{1,9}(\.\d*)?", re.ASCII)}


@dataclass(frozen=True)
class OneOf(Generic[Option]):
    """One of several options (value -> the name that the page and the link show), the first unless a default is set."""

    key: str
    label: str
    options: Mapping[Option, str]
    first: Option | None = None
    help: str | None = None

    @property
    def default(self) -> Option:
        """What a link that does not name it means."""
        return self.first or next(iter(self.options))

    def read(self, text: str, options: Mapping[Option, str] | None = None) -> Option | None:
        """The option that the link names, among those on offer; None where there is none."""
        return next((option for option, name in (options or self.options).items() if name == text), None)

    def write(self, value: Option) -> list[str]:
        """How the link says it."""
        return [self.told(value)] if value != self.default else []

    def told(self, value: Option) -> str:
        """A value in words."""
        return self.options[value]

    def allowed(self, options: Mapping[Option, str] | None = None) -> str:
        """What may be asked for, in words."""
        names = list((options or self.options).values())
        return ("; " if any("," in name for name in names) else ", ").join(names)


@dataclass(frozen=True)
class Section(Generic[Option]):
    """A part of a long menu: what its options have in common, and each with the name that it has there."""

    key: str
    title: str
    options: Mapping[Option, str]


@dataclass(frozen=True)
class Number(Generic[Amount]):
    """A number from low to high; with `empty`, what an empty field means, it may be empty: then it is the default."""

    key: str
    label: str
    low: Amount
    high: Amount
    default: Amount
    step: Amount | None = None
    help: str | None = None
    empty: str = ""

    def read(self, text: str) -> Amount | None:
        """The number, also a whole one that is written 101.0; None for anything else and outside the limits."""
        kind = type(self.default)
        if not _WRITTEN[kind].fullmatch(text):
            return None
        value = kind(float(text))
        return value if value == self.default or self.low <= value <= self.high else None

    def write(self, value: Amount) -> list[str]:
        """How the link says it."""
        return [str(int(value)) if value == int(value) else repr(value)] if value != self.default else []

    def allowed(self) -> str:
        """What may be asked for, in words."""
        return f"{self.low:g} to {self.high:g}{f', or none: {self.empty}' if self.empty else ''}"

    def told(self, value: Amount) -> str:
        """A value in words."""
        return self.empty if self.empty and value == self.default else f"{value:g}"


@dataclass(frozen=True)
class Several:
    """Any of the numbers from 0 up to a limit that the screen sets."""

    key: str
    label: str

    def read(self, text: str, limit: int) -> int | None:
        """One of the numbers; None for anything else."""
        known = text.isascii() and text.isdigit() and len(text) < 5 and int(text) < limit
        return int(text) if known else None

    def write(self, values: Sequence[int]) -> list[str]:
        """How the link says it: one by one."""
        return [str(value) for value in values]

    def allowed(self, limit: int) -> str:
        """What may be asked for, in words."""
        return f"0 to {limit - 1}"


@dataclass(frozen=True)
class SomeOf(Generic[Option]):
    """Any number of several options, in their order."""

    key: str
    label: str
    options: Mapping[Option, str]
    default: tuple[Option, ...]
    help: str | None = None

    def read(self, texts: Sequence[str]) -> tuple[Option, ...] | str:
        """The options that the link names, or the first text that names none."""
        names = {name: option for option, name in self.options.items()}
        wrong = next((text for text in texts if text not in names), None)
        return self.ordered([names[text] for text in texts]) if wrong is None else wrong

    def ordered(self, values: Sequence[Option]) -> tuple[Option, ...]:
        """Each value once, in the table's order."""
        return tuple(option for option in self.options if option in values)

    def write(self, values: Sequence[Option]) -> list[str]:
        """How the link says it: one by one."""
        return [self.options[value] for value in values] if tuple(values) != self.default else []

    def told(self, values: Sequence[Option]) -> str:
        """Values in words."""
        return ", ".join(self.options[value] for value in values)

    def allowed(self) -> str:
        """What may be asked for, in words."""
        return ", ".join(self.options.values())


@dataclass(frozen=True)
class Text:
    """Any text; the link always names it."""

    key: str
    label: str

    def write(self, value: str) -> list[str]:
        """How the link says it."""
        return [value]


@dataclass(frozen=True)
class Line:
    """A text on one line that may be empty, its default; `check` says in a sentence what is wrong with one, or ""."""

    key: str
    label: str
    check: Callable[[str], str] = lambda _: ""
    meaning: str = "any text"
    help: str | None = None
    default: str = ""

    def read(self, text: str) -> str | None:
        """The text; None where it is wrong."""
        return None if self.check(text) else text

    def write(self, value: str) -> list[str]:
        """How the link says it."""
        return [value] if value else []

    def allowed(self) -> str:
        """What may be asked for, in words."""
        return self.meaning


Field = OneOf[Any] | SomeOf[Any] | Number[Any] | Several | Text | Line
