"""A reading as files: what its trace holds, the model's answers, and what the numbers mean."""

import csv
import hashlib
import io
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np

from gruviz.reading.program import pytorch_snippet
from gruviz.reading.reading import Reading
from gruviz.records import Answers, Shares, Values, written
from gruviz.signals import Notation

MOST_OPTIONS = 5  # of an answer that chooses, in a table; JSON and NPZ hold all
_LONGEST_NAME = 40

Cells = Sequence[str | int | float]


@cache
def versions() -> Mapping[str, str]:
    """The versions of what computed the numbers."""
    return {name: version(name) for name in ("gruviz", "torch")}


def file_name(*parts: str) -> str:
    """The parts as the beginning of a file's name, plain on every system: letters, digits, - and _.

    Of a part that has none of these, such as a string of brackets, a few digits tell it from others.
    """
    return "_".join(filter(None, map(_plain, parts)))


def _plain(text: str) -> str:
    if not text:
        return ""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", letters.lower()).strip("-")[:_LONGEST_NAME].rstrip("-")
    return name or hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=4).hexdigest()


@dataclass(frozen=True, eq=False)
class Export:
    """What a reading is written to files as. In all of them `z` means what it means in PyTorch, and they say so."""

    reading: Reading
    notation: Notation

    @property
    def name(self) -> str:
        """How its files are called, without an ending."""
        return file_name("gruviz", self.reading.model.name, self.reading.text)

    def facts(self) -> Mapping[str, str]:
        """What holds for every number, by the name of its column or field. No commas: numpy doesn't read quotes."""
        trace = self.reading.trace
        zero = not any(part.any() for part in trace.initial.values())
        parts = " and ".join(trace.initial)
        resets = any(signal.role == "reset" for signal in trace.spec.signals)
        where = "after the recurrent product (PyTorch)" if trace.weights.reset_after else "before the recurrent product"
        facts = {
            "model": self.reading.model.name,
            "cell": trace.cell,
            "order": "read from the end: step 1 is the last token" if trace.from_end else "",
            "initial_state": f"step 0: {parts} before the first token{'; all zero' if zero else ''}",
            "reset_gate": f"acts {where}" if resets else "",
            "update_gate": self.notation.convention(trace.spec),
            "what_if": written(self.reading.what_if).replace(",", " "),
            **{f"{name}_version": number for name, number in versions().items()},
        }
        return {name: text for name, text in facts.items() if text}

    def rows(self) -> Sequence[Cells]:
        """A heading, then one row per step and unit: `Trace.rows` with z_write, answers and facts beside them."""
        trace, columns = self.reading.trace, self.notation.columns(self.reading.trace.spec)
        heading, *body = trace.rows()
        first = heading.index("unit") + 1  # of the signals
        places = {key: heading.index(key, first) for key in trace.values}
        answers = answer_columns(self.reading.answers) if self.reading.answers else {}
        facts = self.facts()
        rows: list[Cells] = [(*heading[:first], *columns, *answers, *facts)]
        for row in body:
            values = (_flipped(row[places[key]]) if flipped else row[places[key]] for key, flipped in columns.values())
            said = (column[int(row[0])] for column in answers.values())
            rows.append((*row[:first], *values, *said, *facts.values()))
        return rows

    def to_csv(self) -> str:
        """`rows` as CSV text, numbers in full precision."""
        return table(self.rows())

    def to_npz(self) -> bytes:
        """What `Trace.to_npz` does, with z_write, answers (answer_...) and facts as fields."""
        arrays: dict[str, Any] = {**self.reading.trace.arrays(), **self._flipped_signals(), **self._description()}
        arrays["known"] = np.array(self.reading.known)
        for name, value in answer_fields(self.reading.answers).items():
            arrays[f"answer_{name}"] = value
        file = io.BytesIO()
        np.savez_compressed(file, **arrays)
        return file.getvalue()

    def to_json(self) -> str:
        """What `Trace.to_json` says, with z_write, answers and facts."""
        content = self.reading.trace.content()
        content["signals"] |= {name: values.tolist() for name, values in self._flipped_signals().items()}
        answers = {name: _listed(value) for name, value in answer_fields(self.reading.answers).items()}
        content |= {**self._description(), "known": list(self.reading.known), "answers": answers or None}
        return json.dumps(content, ensure_ascii=False, allow_nan=False)

    def program(self) -> str:
        """A PyTorch program that prints the signals' columns."""
        return pytorch_snippet(self.reading.trace, self.notation, self.reading.model.full_title)

    def _flipped_signals(self) -> dict[str, Any]:
        trace = self.reading.trace
        return {n: 1 - trace[key] for n, (key, flipped) in self.notation.columns(trace.spec).items() if flipped}

    def _description(self) -> dict[str, str]:
        model = self.reading.model
        return {
            **self.facts(),
            "model_title": model.full_title,
            "weights": model.card.summary,
            "sequence": self.reading.text,
        }


def answer_columns(answers: Answers) -> Mapping[str, Cells]:
    """Answers as columns of T + 1 cells, the first for nothing read: the answers, and the actual ones where known."""
    if isinstance(answers, Values):
        known = {_known(answers): answers.target, **answers.baselines}
        return {
            "asked": [answers.asked] * (len(answers) + 1),
            "answer": [float(value) for value in answers.values],
            "unit_of_answer": [answers.unit] * (len(answers) + 1),
            **{name: ["", *("" if np.isnan(v) else float(v) for v in row)] for name, row in known.items()},
        }
    assert isinstance(answers, Shares)  # there are no other kinds
    steps = range(len(answers) + 1)
    columns: dict[str, list[str | int | float]] = {"asked": [answers.asked] * len(steps)}
    if answers.of is not None:
        columns |= {"answer": [answers.options[answers.of]] * len(steps),
                    "probability": [float(share) for share in answers.shares[:, answers.of]]}  # fmt: skip
    else:
        most = min(MOST_OPTIONS, len(answers.options))
        rankings = [answers.ranking(step, most) for step in steps]
        for place in range(most):
            suffix = f"_{place + 1}" if place else ""
            columns[f"answer{suffix}"] = [ranking[place][0] if place < len(ranking) else "" for ranking in rankings]
            columns[f"probability{suffix}"] = [
                ranking[place][1] if place < len(ranking) else "" for ranking in rankings
            ]
    if answers.followed:
        columns["actual"] = ["", *(answers.options[option] if option >= 0 else "" for option in answers.followed)]
    return columns


def answer_fields(answers: Answers | None) -> Mapping[str, Any]:
    """Answers as arrays and words: all options with their probabilities (T + 1, K), or values (T + 1,)."""
    if answers is None:
        return {}
    if isinstance(answers, Values):
        baselines = {
            "baselines": np.array(list(answers.baselines)),
            "baseline_values": np.array(list(answers.baselines.values())),
        }
        return {"asked": answers.asked, "unit": answers.unit, "values": answers.values,
                _known(answers): answers.target,
                **(baselines if answers.baselines else {})}  # fmt: skip
    assert isinstance(answers, Shares)  # there are no other kinds
    actual = [answers.options[option] if option >= 0 else "" for option in answers.followed]
    return {"asked": answers.asked, "options": np.array(answers.options), "probabilities": answers.shares,
            **({"actual": np.array(actual)} if actual else {})}  # fmt: skip


def _known(answers: Values) -> str:
    """The name of the numbers that the screen shows beside the answers: actual, or sum_so_far."""
    return answers.beside.replace(" ", "_")


def table(rows: Sequence[Cells]) -> str:
    """Rows as CSV text, numbers in full precision."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    return file.getvalue()


def _flipped(value: str | int | float) -> str | float:
    return "" if isinstance(value, str) else 1 - value


def _listed(value: Any) -> Any:
    """For JSON: numbers that are not known are null there."""
    if not isinstance(value, np.ndarray):
        return value
    listed = value.astype(object)
    if value.dtype.kind == "f":
        listed[np.isnan(value)] = None
    return listed.tolist()
