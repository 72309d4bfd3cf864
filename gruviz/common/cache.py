"""Results that are kept for whoever asks next: bounded by their bytes, each computed by one thread at a time.

Whoever waits for a result that another thread is computing is told its progress, and can end the waiting as one ends
a computation: by an exception from `on_progress`. Where the computation itself is ended, one of the waiting starts it
again.
"""

import gc
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any, Generic, ParamSpec, TypeVar, cast

import numpy as np
import torch

from gruviz.common.progress import Progress

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
Key = Hashable
_NOT_HELD = (type, ModuleType, FunctionType, BuiltinFunctionType, MethodType)
_POLL = 0.05  # seconds between two chances to end a wait
_MEGABYTE = 2**20


def kept(
    megabytes: float, shared: tuple[type, ...] = ()
) -> Callable[[Callable[Arguments, Result]], "Kept[Arguments, Result]"]:
    """Keeps what a function returns, the least recently used out first, up to so many megabytes.

    Its arguments are hashable; a keyword `on_progress` is passed on, but tells no results apart. `shared`: types of
    objects that results refer to but do not own, such as a model: they are not counted.
    """
    return lambda compute: Kept(compute, round(megabytes * _MEGABYTE), shared)


class _Running:
    """A computation that is going on."""

    def __init__(self) -> None:
        self.done, self.share = threading.Event(), 0.0
        self.result: tuple[Any] | None = None  # in a tuple, so that None is a result, too


class Kept(Generic[Arguments, Result]):
    """A function with its kept results; see `kept`."""

    def __init__(self, compute: Callable[Arguments, Result], most: int, shared: tuple[type, ...]) -> None:
        self._compute, self._most, self._shared = compute, most, shared
        self._lock = threading.Lock()
        self._results: OrderedDict[Key, tuple[Result, int]] = OrderedDict()
        self._running: dict[Key, _Running] = {}
        self._size = 0

    @property
    def size(self) -> int:
        """The bytes of all results that are kept."""
        return self._size

    @property
    def running(self) -> int:
        """How many computations are going on."""
        return len(self._running)

    def __len__(self) -> int:
        return len(self._results)

    def __call__(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        """The result, kept or computed."""
        progress, key = cast(Progress, kwargs.get("on_progress")), _key(args, kwargs)
        while True:
            with self._lock:
                if key in self._results:
                    self._results.move_to_end(key)
                    return self._results[key][0]
                running = self._running.get(key)
                own = running is None
                running = running or self._running.setdefault(key, _Running())
            if own:
                return self._run(key, running, progress, args, kwargs)
            while not running.done.wait(_POLL):
                if progress is not None:
                    progress(running.share)
            if running.result is not None:
                return cast(Result, running.result[0])

    def _run(self, key: Key, running: _Running, progress: Progress, args: Any, kwargs: Any) -> Result:
        def tell(share: float) -> None:
            running.share = share
            if progress is not None:
                progress(share)

        try:
            more = {"on_progress": tell} if progress is not None else {}
            result = self._compute(*args, **(kwargs | more))
            running.result = (result,)
            self._keep(key, result)
            return result
        finally:
            with self._lock:
                del self._running[key]
            running.done.set()

    def _keep(self, key: Key, result: Result) -> None:
        size = size_of((key, result), self._shared)
        with self._lock:
            if size > self._most:
                return
            self._results[key] = result, size
            self._size += size
            while self._size > self._most:
                self._size -= self._results.popitem(last=False)[1][1]

    def cache_clear(self) -> None:
        """Forgets every result, as functools.lru_cache does."""
        with self._lock:
            self._results.clear()
            self._size = 0

    def forget(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        """Computes this result again when it is asked for next."""
        with self._lock:
            self._size -= self._results.pop(_key(args, kwargs), (None, 0))[1]


def _key(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Key:
    return args, tuple(sorted((name, value) for name, value in kwargs.items() if name != "on_progress"))


def size_of(value: Any, shared: tuple[type, ...] = ()) -> int:
    """The bytes that an object and all that it refers to take, each counted once.

    Not counted are modules, classes and functions, and objects of the types in `shared` with what is behind them.
    """
    total, seen, left = 0, set(), [value]
    while left:
        each = left.pop()
        if id(each) in seen or isinstance(each, (*_NOT_HELD, *shared)):
            continue
        seen.add(id(each))
        total += sys.getsizeof(each)
        if isinstance(each, torch.Tensor):
            total += each.untyped_storage().nbytes()
        elif isinstance(each, np.ndarray) and each.base is not None:
            left.append(each.base)  # a view: what it looks into is held whole
        else:
            left.extend(gc.get_referents(each))
    return total
