"""How quick trained models are to show and to answer, the Compare page, and how much they weigh."""

import statistics
import time
from functools import partial
from pathlib import Path

import torch

import gruviz
from gruviz.models import by_task, load_model, registry
from gruviz.reading import read
from gruviz.signals import Notation
from gruviz.ui.step.payload import Focus, StepperData, payload
from tests.benchmarks.wire import Wire
from tests.browser.server import running

APPS = Path(__file__).parent / "apps"
MODELS = Path(gruviz.__file__).parent / "models"
BETWEEN = {"characters": ""}


def rows():
    """The table's rows: what, value, target, unit."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return [*_keystrokes(), _first_views(), *_comparing(), _weight()]
    finally:
        torch.set_num_threads(threads)


def _row(what, value, target, unit):
    return {"what": what, "value": round(value, 3), "target": target, "unit": unit}


def _seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _keystrokes():
    """Reading and answering the example as it grows by a token, for each task's GRU."""
    found = []
    for task, models in by_task().items():
        model = load_model(models["GRU"])
        tokens = model.encode(model.example).tokens
        between = "\n" if model.encoder.multiline else BETWEEN.get(model.encoder.what, " ")
        texts = [between.join(tokens[:steps]) for steps in range(1, len(tokens) + 1)]
        for text in texts:
            read(model, text)
        times = [_seconds(partial(read, model, text)) for _ in range(5) for text in texts]
        found.append(_row(f"read-out for a keystroke, {task}", 1000 * statistics.median(times), "", "ms"))
    return found


def _first_views():
    """Server work to load, read, pack and draw a model's example: the slowest of all trained ones."""
    gruviz.figures.signals(load_model("latch").trace("0 1 ?"))
    slowest = max(
        statistics.median(_seconds(partial(_show, name)) for _ in range(3))
        for models in by_task().values()
        for name in models.values()
    )
    return _row("first view of a model, warm, the slowest one", 1000 * slowest, "under 300", "ms")


def _show(name):
    registry._load.cache_clear()
    model = load_model(name)
    reading = read(model, model.example)
    payload(StepperData.of(reading), Notation(), Focus("1", 1, 0))
    gruviz.figures.signals(reading.trace, answers=reading.answers)


def _comparing():
    """Server time from a new sequence to the end of the script, interleaved with an empty page."""
    with running("app.py") as ours, running(APPS / "empty.py") as empty:
        sessions = [(Wire(ours.url, page="compare"), []), (Wire(empty.url), [])]
        for number in range(1, 31):
            for session, times in sessions:
                times.append(session.rerun(f"This film was good but {'not ' * (number % 5)}number {number}"))
        page, floor = (statistics.median(times[10:]) for _, times in sessions)
        for session, _ in sessions:
            session.close()
    return [
        _row("changing the sequence of the Compare page (over the wire)", 1000 * page, "", "ms"),
        _row("changing the sequence of the Compare page / an empty page's rerun", page / floor, "", "x"),
    ]


def _weight():
    files = (path for part in ("data", "weights") for path in (MODELS / part).rglob("*"))
    return _row("shipped data and weights", sum(path.stat().st_size for path in files) / 1e6, "under 12", "MB")
