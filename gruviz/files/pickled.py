"""A pickle read as data: nothing that it names is imported, nothing that it asks to be called is called.

`torch.load(weights_only=True)` calls a short list of functions, and with them a small file can take any amount of
memory: a bytearray or a storage of a declared size, or text that is encoded again and again. Here a call stays what
is written in the file, a name with arguments, and whoever reads the result gives a meaning to the few names it knows.
"""

import pickletools
from dataclasses import dataclass
from typing import IO, Any

from gruviz.errors import ModelError
from gruviz.files.limits import MAX_OPERATIONS

_BROKEN = "Its pickle breaks off or is damaged"
_CONSTANTS: dict[str, Any] = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_VALUES = frozenset({
    "INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT", "STRING", "BINSTRING",
    "SHORT_BINSTRING", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "UNICODE", "BINUNICODE", "SHORT_BINUNICODE",
    "BINUNICODE8",
})  # fmt: skip
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_KEYS = (str, int, float, bytes, type(None))
_MARK = object()


@dataclass(frozen=True)
class Name:
    """A class or function that the pickle names."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


@dataclass(frozen=True, eq=False)
class Call:
    """A call that the pickle asks for. It is not made."""

    function: Any
    arguments: Any


@dataclass(frozen=True, eq=False)
class Persistent:
    """A reference to something outside of the pickle, such as a storage."""

    key: Any


@dataclass(frozen=True, eq=False)
class Pickle:
    """What a pickle holds: its root, of dicts, lists, tuples, plain values and the records above; and what it names."""

    root: Any
    names: frozenset[Name]


def read_pickle(file: IO[bytes]) -> Pickle:
    """Reads one pickle from where the file stands, up to its end. ModelError for one that can't be read."""
    reader = _Reader()
    try:
        for count, (operation, argument, _) in enumerate(pickletools.genops(file)):
            if count > MAX_OPERATIONS:
                raise ModelError(
                    f"Its pickle has more than {MAX_OPERATIONS:,} operations: too many objects for a state_dict. "
                    "Save the weights alone: torch.save(model.state_dict(), 'model.pt')."
                )
            reader.take(operation.name, argument)
    except ModelError:
        raise
    except (ValueError, IndexError, KeyError, TypeError, OverflowError, RecursionError, AttributeError) as error:
        raise ModelError(f"{_BROKEN} ({error.__class__.__name__} while reading it).") from None
    return Pickle(reader.result, frozenset(reader.names))


class _Reader:
    """The pickle machine's stack and memo."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}
        self.names: set[Name] = set()
        self.result: Any = None

    def take(self, name: str, argument: Any) -> None:
        """One operation; IndexError and the like where the stack does not hold what it needs."""
        stack = self.stack
        if name in _VALUES:
            stack.append(argument)
        elif name in _CONSTANTS:
            stack.append(_CONSTANTS[name])
        elif name in ("BINPUT", "LONG_BINPUT", "PUT"):
            self.memo[argument] = stack[-1]
        elif name == "MEMOIZE":
            self.memo[len(self.memo)] = stack[-1]
        elif name in ("BINGET", "LONG_BINGET", "GET"):
            stack.append(self.memo[argument])
        elif name == "MARK":
            stack.append(_MARK)
        elif name in _TUPLES:
            stack[-_TUPLES[name] :] = [tuple(stack[-_TUPLES[name] :])]
        elif name in ("TUPLE", "LIST", "FROZENSET"):
            stack.append(tuple(self._since_mark()))
        elif name == "EMPTY_TUPLE":
            stack.append(())
        elif name in ("EMPTY_LIST", "EMPTY_SET"):
            stack.append([])
        elif name == "EMPTY_DICT":
            stack.append({})
        else:
            self._combine(name, argument)

    def _combine(self, name: str, argument: Any) -> None:
        stack = self.stack
        if name == "GLOBAL":
            self._name(*argument.split(" ", 1))
        elif name == "STACK_GLOBAL":
            attribute, module = stack.pop(), stack.pop()
            self._name(module, attribute)
        elif name in ("REDUCE", "NEWOBJ"):
            arguments, function = stack.pop(), stack.pop()
            stack.append(_called(function, arguments))
        elif name == "NEWOBJ_EX":
            keywords, arguments, function = stack.pop(), stack.pop(), stack.pop()
            stack.append(Call(function, (arguments, keywords)))
        elif name in ("OBJ", "INST"):
            items = self._since_mark()
            if name == "INST":
                self._name(*argument.split(" ", 1))
                items.insert(0, stack.pop())
            stack.append(Call(items[0], tuple(items[1:])))
        elif name == "BUILD":
            stack.pop()  # what the object would have set on itself
        elif name in ("SETITEM", "SETITEMS"):
            items = [stack.pop(-2), stack.pop()] if name == "SETITEM" else self._since_mark()
            if isinstance(stack[-1], dict):
                _fill(stack[-1], zip(items[::2], items[1::2], strict=True))
        elif name in ("APPEND", "APPENDS", "ADDITEMS"):
            more = [stack.pop()] if name == "APPEND" else self._since_mark()
            if isinstance(stack[-1], list):
                stack[-1].extend(more)
        elif name in ("BINPERSID", "PERSID"):
            stack.append(Persistent(stack.pop() if name == "BINPERSID" else argument))
        elif name == "POP":
            stack.pop()
        elif name == "POP_MARK":
            self._since_mark()
        elif name == "DUP":
            stack.append(stack[-1])
        elif name == "STOP":
            self.result = stack.pop()
        elif name not in ("PROTO", "FRAME"):
            raise ModelError(f"Its pickle uses the operation {name}, which no state_dict needs.")

    def _name(self, module: Any, name: Any) -> None:
        if not isinstance(module, str) or not isinstance(name, str):
            raise ModelError(f"{_BROKEN}: a name in it is not text.")
        reference = Name(module, name)
        self.names.add(reference)
        self.stack.append(reference)

    def _since_mark(self) -> list[Any]:
        start = len(self.stack) - 1
        while self.stack[start] is not _MARK:
            start -= 1
            if start < 0:
                raise IndexError("no mark")
        items = self.stack[start + 1 :]
        del self.stack[start:]
        return items


def _called(function: Any, arguments: Any) -> Any:
    """An OrderedDict, which is filled later, as a dict; any other call as it is written."""
    if function != Name("collections", "OrderedDict"):
        return Call(function, arguments)
    made: dict[Any, Any] = {}
    if isinstance(arguments, tuple) and arguments and isinstance(arguments[0], tuple | list):
        _fill(made, arguments[0])
    return made


def _fill(into: dict[Any, Any], pairs: Any) -> None:
    """Only plain values may be keys: to hash a tuple that holds itself many times over would take forever."""
    for key, value in pairs:
        if not isinstance(key, _KEYS):
            raise TypeError("a key that is no plain value")
        into[key] = value
