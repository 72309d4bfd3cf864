"""What a cell costs: parameters, the state it carries, the memory that training takes, and time on this machine."""

import copy
import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import nn

from gruviz.cells.kinds import cell_name
from gruviz.cells.modules import PYTORCH, blank
from gruviz.common.progress import Progress, reporting
from gruviz.errors import GruvizError
from gruviz.signals import CELLS

_SHORTEST = 2e-3  # seconds that one measurement takes at least: far above the clock's and the interpreter's jitter
_WARM_UP = 3  # calls, the quickest of which tells how often a measurement repeats its call
_alone = threading.Lock()  # two at a time would time each other, and leave the other's number of threads
_POLL = 0.05  # seconds between two chances to cancel a wait
_RATE = 1e-9  # of the training steps: all of the work, and weights so nearly the same that every step does it alike


@dataclass(frozen=True)
class Times:
    """Seconds a call: the median over all repeats, and the quantiles of 10 % and 90 %."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Cost:
    """What one recurrent module costs for a batch of sequences.

    parameters: as many as the module holds. state_numbers: how many numbers it hands from a step to
    the next for one sequence. kept_bytes: what autograd keeps of a forward pass for the backward pass, beside the
    parameters. forward: of the whole batch, without gradients; training: forward, backward and one step of SGD.
    """

    parameters: int
    state_numbers: int
    kept_bytes: int
    forward: Times
    training: Times


def parameter_formula(cell: str, features: int, units: int) -> tuple[str, int]:
    """The parameter count of one layer with PyTorch's two biases, blocks * H (D + H + 2), as text and as number.

    cell: a key of CELLS (KeyError otherwise). The text has the numbers filled in: "3 · 24 · (32 + 24 + 2) = 4,176".
    """
    blocks = len(CELLS[cell].blocks)
    count = blocks * units * (features + units + 2)
    return f"{blocks} · {units:,} · ({features:,} + {units:,} + 2) = {count:,}", count


def measure(
    modules: Mapping[str, nn.Module], steps: int, batch: int, repeats: int = 15, on_progress: Progress = None
) -> dict[str, Cost]:
    """The cost of each module, all on random input of `batch` sequences of `steps` steps, in float32.

    Times are this machine's, now, on one thread. They compare kernels as much as cells: for an LSTM on a CPU, PyTorch
    calls oneDNN's kernel for the whole sequence; a GRU or an RNN goes step by step. kept_bytes is of the same kernels.
    The modules take turns in every repeat, so that whatever else the machine does hits all alike.

    on_progress: called between the calls that are timed with the fraction done, and while another measurement has the
    machine; an exception that it raises cancels.

    Works on copies, with dropout off: the modules, the global random state and the number of threads stay as they are.
    Raises GruvizError for a number below 1, and its child ModelError for a module that is not a recurrent one.
    """
    for what, number in (("steps", steps), ("batch", batch), ("repeats", repeats)):
        if number < 1:
            raise GruvizError(f"{what} is {number}; it must be at least 1.")
    with _taken(on_progress), _one_thread():
        return _measure(modules, steps, batch, repeats, on_progress)


def same_units(features: int, units: int) -> dict[str, nn.Module]:
    """A module of each cell with that many inputs and units, to be timed: its weights are numbers that nobody chose."""
    modules: dict[str, nn.Module] = {cell: blank(kind, features, units) for cell, kind in PYTORCH.items()}
    for module in modules.values():
        for parameter in module.parameters():
            parameter.data.fill_(0.01)
    return modules


@contextmanager
def _one_thread() -> Iterator[None]:
    """Threads of such small products wait for each other, and on a busy machine for as long as a hundred products."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


@contextmanager
def _taken(on_progress: Progress) -> Iterator[None]:
    """The machine for one measurement at a time; one that waits for it can be cancelled."""
    while not _alone.acquire(timeout=_POLL):
        if on_progress is not None:
            on_progress(0.0)
    try:
        yield
    finally:
        _alone.release()


def _measure(
    modules: Mapping[str, nn.Module], steps: int, batch: int, repeats: int, on_progress: Progress
) -> dict[str, Cost]:
    kept: dict[str, int] = {}
    calls: dict[tuple[str, str], Callable[[], None]] = {}
    for name, module in modules.items():
        cell_name(module)  # ModelError before any work
        twin = _twin(module)
        x = torch.randn(steps, batch, int(twin.input_size), generator=torch.Generator().manual_seed(0))  # type: ignore[arg-type]
        kept[name] = _kept_bytes(twin, x)
        calls[name, "forward"] = partial(_forward, twin, x)
        calls[name, "training"] = partial(_train, twin, x)
    times = _take_turns(calls, repeats, on_progress)
    return {
        name: Cost(
            parameters=sum(p.numel() for p in module.parameters()),
            state_numbers=_state_numbers(module),
            kept_bytes=kept[name],
            forward=times[name, "forward"],
            training=times[name, "training"],
        )
        for name, module in modules.items()
    }


def _state_numbers(module: nn.Module) -> int:
    parts = len(CELLS[cell_name(module)].state)
    return parts * int(module.hidden_size) * int(module.num_layers) * (1 + bool(module.bidirectional))  # type: ignore[arg-type]


def _twin(module: nn.Module) -> nn.Module:
    """A copy that can be trained: float32, time first, and without dropout, which would draw random numbers."""
    twin = copy.deepcopy(module).float().train().requires_grad_(True)
    for name, value in (("batch_first", False), ("dropout", 0.0)):
        setattr(twin, name, value)
    return twin


def _loss(module: nn.Module, x: torch.Tensor) -> torch.Tensor:
    outputs: torch.Tensor = module(x)[0]
    return outputs.square().sum()


def _forward(module: nn.Module, x: torch.Tensor) -> None:
    with torch.no_grad():
        module(x)


def _train(module: nn.Module, x: torch.Tensor) -> None:
    module.zero_grad()
    with torch.enable_grad():
        _loss(module, x).backward()  # type: ignore[no-untyped-call]
    with torch.no_grad():  # what torch.optim.SGD does, whose first use would import a compiler for more than a second
        for parameter in module.parameters():
            assert parameter.grad is not None
            parameter.add_(parameter.grad, alpha=-_RATE)


def _kept_bytes(module: nn.Module, x: torch.Tensor) -> int:
    own = {parameter.untyped_storage().data_ptr() for parameter in module.parameters()}
    kept: dict[int, int] = {}  # by address, so that two views of one storage count once

    def pack(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor  # the graph holds it, so no address is used twice before the forward pass is over

    with torch.enable_grad(), torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        _loss(module, x)
    return sum(kept.values())


def _take_turns(
    calls: Mapping[tuple[str, str], Callable[[], None]], repeats: int, on_progress: Progress
) -> dict[tuple[str, str], Times]:
    warm = _WARM_UP / (_WARM_UP + repeats)
    counts = {
        key: math.ceil(_SHORTEST / min(_seconds(calls[key], 1) for _ in range(_WARM_UP)))
        for key in reporting(list(calls), on_progress, 0.0, warm)
    }
    seconds: dict[tuple[str, str], list[float]] = {key: [] for key in calls}
    for key in reporting(list(calls) * repeats, on_progress, warm):
        seconds[key].append(_seconds(calls[key], counts[key]))
    return {key: _summary(samples) for key, samples in seconds.items()}


def _seconds(call: Callable[[], None], count: int) -> float:
    start = time.perf_counter()
    for _ in range(count):
        call()
    return (time.perf_counter() - start) / count


def _summary(seconds: Sequence[float]) -> Times:
    low, median, high = (float(q) for q in np.quantile(seconds, (0.1, 0.5, 0.9)))
    return Times(median, low, high)
