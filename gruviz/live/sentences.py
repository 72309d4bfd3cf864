"""What a run says of itself, computed from its numbers."""

from collections.abc import Sequence

import numpy as np

from gruviz.common.quantities import brief_share, count, power
from gruviz.live.race import MAX_UPDATES, WINDOW
from gruviz.live.run import MAX_SECONDS, Look
from gruviz.live.snapshot import Snapshot
from gruviz.live.source import Source


def progress(look: Look, source: Source) -> str:
    """Who has learned the task at which update, and who has not; who broke."""
    if look.updates == 0:
        return f"Nothing is trained yet. {' '.join(source.facts)}"
    done = sorted((update, cell) for cell, update in look.reached.items() if update is not None)
    broken = [cell for cell, update in look.broken.items() if update is not None]
    rest = [cell for cell in look.reached if look.reached[cell] is None and cell not in broken]
    goal, after, parts = source.measure.reached, f"after {count(look.updates, 'update')}", list[str]()
    parts += [f"the {cell} {goal} at update {update:,}" for update, cell in done]
    if rest:
        scores = ", ".join(f"{cell} {written_score(_recent(look, cell), source)}" for cell in rest)
        has = f"{_joined([f'the {cell}' for cell in rest])} {'has' if len(rest) == 1 else 'have'}"
        parts.append(f"{has} not {after} ({scores})" if done else f"{has} not {goal} {after} ({scores})")
    parts += [f"the {cell}’s weights became infinite at update {look.broken[cell]:,}" for cell in broken]
    return _sentence("; ".join(parts))


def reason(look: Look) -> str:
    """How much of the gradient at the end is left at the largest lag, in each network, now."""
    shares = {cell: left for cell, now in look.now.items() if now is not None and (left := _left(now)) is not None}
    if not shares:
        return ""
    lag = max(len(now.log10_norm) for now in look.now.values() if now is not None) - 1
    when = "before training" if look.updates == 0 else "now"
    each = _joined([f"{power(left)} in the {cell}" for cell, left in shares.items()])
    return _sentence(f"of the gradient at the end, what reaches {count(lag, 'step')} back is {when} {each}")


def ending(look: Look) -> str:
    """Why it stopped; nothing while it trains, or where it was paused by hand."""
    return {
        "": "",
        "updates": f"The run is over: it reached the limit of {MAX_UPDATES:,} updates.",
        "time": f"The run is over: it reached the limit of {MAX_SECONDS:.0f} seconds of training.",
        "broken": "The run is over: no network has finite weights.",
        "unwatched": "It paused by itself, as nobody was watching.",
    }[look.why]


def waiting(look: Look) -> str:
    """Where a waiting run is in the line."""
    before = count(look.ahead, "run is", "runs are")
    return f"Waiting: {before} before yours. It starts by itself." if look.state == "waiting" else ""


def written_score(score: float, source: Source) -> str:
    """A score as people read it."""
    return brief_share(score) if score >= 0 or not source.ahead else f"−{brief_share(-score)}"


def _recent(look: Look, cell: str) -> float:
    """The mean score of the last batches."""
    return float(np.mean(look.history[cell][-WINDOW:, 1]))


def _left(now: Snapshot) -> float | None:
    """log10 of the gradient at the largest lag over that at lag 0; None where the loss has no gradient."""
    first, last = float(now.log10_norm[0]), float(now.log10_norm[-1])
    return last - first if np.isfinite(first) and len(now.log10_norm) > 1 else None


def _joined(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
