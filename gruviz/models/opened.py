"""`open_model`: a network from a file that a person has, as a Model like those that ship with gruviz."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from gruviz.cells.layer_stack import views
from gruviz.errors import GruvizError, ModelError
from gruviz.files import (
    HEAD_KINDS,
    MASK,
    MAX_FILE,
    Contents,
    Head,
    Part,
    Question,
    Table,
    check_finite,
    counted_bytes,
    listed,
    network,
    read_file,
    short,
)
from gruviz.inputs import Encoder, IdEncoder, NumberEncoder, VocabularyEncoder, check_size, read_vocabulary
from gruviz.models.model import Card, Model
from gruviz.models.read_outs import Classes, Number, Probability, ReadOut

_MOST_VALUES = 64  # of an example of numbers


@dataclass(frozen=True, eq=False)
class ModelFile:
    """A file that was read: its name, its size in bytes, its SHA-256, and what it holds."""

    name: str
    size: int
    sha256: str
    contents: Contents

    @classmethod
    def read(cls, data: bytearray, name: str) -> "ModelFile":
        """Reads the bytes of a file; GruvizError where it can't be used."""
        name = Path(name).name
        return cls(name, len(data), hashlib.sha256(data).hexdigest(), read_file(data, name))

    def part(self, name: str | None) -> Part:
        """A recurrent part by its name; without one the only one there is. ModelError lists those to choose from."""
        parts = self.contents.parts
        if name is None and len(parts) == 1:
            return parts[0]
        matches = [part for part in parts if part.name == name]
        if len(matches) != 1:
            there = "; ".join(part.title() for part in parts)
            raise ModelError(
                f"“{short(self.name)}” holds {len(parts)} recurrent part{'s' * (len(parts) > 1)} ({there}). "
                f"{'Choose one' if name is None else f'None is called “{short(name)}”; choose one'} by its name: "
                f"part={parts[0].name!r}."
            )
        return matches[0]


@dataclass(frozen=True, eq=False)
class Choices:
    """What a person decides about a file: the part, what the file does not say, and what stands around the part.

    answers: by a question's key. table: the name of the embedding in front; None: numbers go in. vocabulary: the token
    of each of its rows. head: the name of the linear map behind; None: no answer comes out. kind: what its answer is,
    a key of HEAD_KINDS; labels: the names of the classes, or of what is probable.
    """

    part: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    table: str | None = None
    vocabulary: tuple[str, ...] = ()
    head: str | None = None
    kind: str | None = None
    labels: tuple[str, ...] = ()


def questions(part: Part, table: Table | None) -> tuple[Question, ...]:
    """What the file does not say of a part and of the embedding in front of it."""
    return (*part.questions, *(table.questions if table else ()))


def heads(part: Part) -> tuple[Head, ...]:
    """The linear maps whose answer can be shown: those behind a top layer that reads forward only."""
    ways = part.layers[-1].directions
    return part.heads if len(ways) == 1 and not ways[0].backward else ()


def build(file: ModelFile, choices: Choices) -> Model:
    """The model of one part of a file. GruvizError where something that the file does not say is left open."""
    part = file.part(choices.part)
    module = network(part, choices.answers)
    check_size(1, int(module.hidden_size))  # type: ignore[arg-type]
    table = _chosen(part.tables, choices.table, "embedding", "an embedding in front of it")
    head = _chosen(heads(part), choices.head, "head", "a linear map behind it")
    encoder = _encoder(part, table, choices)
    read_out = _read_out(head, choices) if head else None
    title = f"{file.name}: {part.name}" if part.name and len(file.contents.parts) > 1 else file.name
    name = re.sub(r"[^a-z0-9]+", "-", Path(file.name).stem.lower()).strip("-")[:40] or "file"
    start = views(module)[0] if head is None else max(views(module), key=lambda view: (view[0], not view[1]))
    return Model(
        name, short(title), module, encoder, _card(file, part, table, head, choices), _example(encoder), read_out,
        view=start,
    )  # fmt: skip


def open_model(
    path: str | Path,
    name: str | None = None,
    *,
    part: str | None = None,
    embedding: str | None = None,
    head: str | None = None,
    kind: str | None = None,
    labels: tuple[str, ...] = (),
    vocabulary: str | Path | None = None,
    nonlinearity: str | None = None,
    reset: str | None = None,
    mask: str | None = None,
) -> Model:
    """A network from a file: PyTorch's .pt or .pth (a state_dict, also inside a checkpoint), .safetensors, Keras 3's
    .keras or .weights.h5, or .onnx. Nothing in the file is run. It is computed in float64.

    name: what the model is called; the file's name where None.
    part: the recurrent part, where the file holds several.
    embedding, head: the names of the embedding in front and of the linear map behind it, which are used only if they
        are named here: else numbers go in, (T, D), and no answer comes out.
    kind: "probability", "classes" or "number", what the head's outputs are, where the file does not say it; labels: the
        classes' names.
    vocabulary: a file with the tokens of the embedding's rows: a JSON list or map, or one token per line.
    nonlinearity ("tanh" or "relu"), reset ("after" or "before"), mask ("no" or "yes"): what only some files say.

    GruvizError, a sentence, where the file can't be used, and where it leaves open what is not answered here: it then
    lists what there is to choose from.
    """
    place = Path(path)
    try:
        size = place.stat().st_size
        if size > MAX_FILE:
            raise ModelError(f"{place.name} has {counted_bytes(size)}; at most {counted_bytes(MAX_FILE)} are read.")
        data = bytearray(size)
        with place.open("rb") as opened:
            del data[opened.readinto(data) :]
        tokens = None if vocabulary is None else Path(vocabulary).read_bytes()
    except OSError as error:
        raise ModelError(f"{error.filename} can't be read: {error.strerror}.") from None
    file = ModelFile.read(data, place.name)
    answers = {"nonlinearity": nonlinearity, "reset": reset, "mask": mask}
    table = _chosen(file.part(part).tables, embedding, "embedding", "an embedding in front of it")
    if tokens is not None and table is None:
        raise ModelError("A vocabulary is for the rows of an embedding; name that too, with embedding=....")
    words = () if tokens is None or table is None else read_vocabulary(tokens, table.tokens)
    given = {key: value for key, value in answers.items() if value is not None}
    model = build(file, Choices(part, given, embedding, words, head, kind, labels))
    return model if name is None else replace(model, name=name, title=name)


def _chosen(candidates: tuple[Any, ...], name: str | None, argument: str, what: str) -> Any:
    if name is None:
        return None
    for candidate in candidates:
        if candidate.name == name:
            return candidate
    there = f"choose from {listed(short(each.name) for each in candidates)}" if candidates else "the file holds none"
    raise ModelError(f"{argument}={short(name)!r} names nothing that fits as {what}; {there}.")


def _encoder(part: Part, table: Table | None, choices: Choices) -> Encoder:
    if table is None:
        return NumberEncoder(part.features)
    padding = table.padding
    if table.asks_mask:
        answer = choices.answers.get(MASK.key)
        if answer not in MASK.options:
            options = ", or ".join(f"{MASK.key}={key!r} ({words})" for key, words in MASK.options.items())
            raise ModelError(f"{MASK.text} Say {options}.")
        padding = 0 if answer == "yes" else None
    check_finite(table.vectors, table.name)
    vectors: Any = table.vectors.float() if table.vectors.dtype.itemsize == 2 else table.vectors.clone()
    if choices.vocabulary:
        return VocabularyEncoder(choices.vocabulary, vectors.numpy(), padding)
    return IdEncoder(vectors.numpy(), padding)


def _read_out(head: Head, choices: Choices) -> ReadOut:
    kind = choices.kind or (head.kinds[0] if len(head.kinds) == 1 else None)
    if kind not in head.kinds:
        options = ", or ".join(f"kind={key!r} ({HEAD_KINDS[key]})" for key in head.kinds)
        raise ModelError(f"The file does not say what the output of “{short(head.name)}” means. Say {options}.")
    check_finite(head.weight, f"the weight of {head.name}")
    weight = head.weight.double().contiguous().numpy()
    bias = np.zeros(len(weight)) if head.bias is None else head.bias.double().numpy()
    if head.bias is not None:
        check_finite(head.bias, f"the bias of {head.name}")
    labels = choices.labels
    if labels and len(labels) != head.outputs:
        raise ModelError(
            f"{len(labels)} labels are given for {head.outputs} outputs of “{short(head.name)}”; give each one."
        )
    if kind == "classes":
        return Classes(short(head.name), weight, bias, labels or tuple(f"class {k}" for k in range(head.outputs)))
    asked = labels[0] if labels else short(head.name)
    if kind == "probability":
        return Probability(asked, weight, bias)
    return Number(asked, weight, bias, "", 1.0, 0.0, "unknown")


def _example(encoder: Encoder) -> str:
    """A short sequence to open with: tokens from the beginning of the vocabulary, or an impulse in each column."""
    if isinstance(encoder, VocabularyEncoder):
        skipped = (encoder.unknown, encoder.padding)
        plain = [token for row, token in enumerate(encoder.vocabulary) if token.strip() and row not in skipped]
        text = ("" if encoder.what == "characters" else " ").join(
            [token for token in plain if token[0] not in "<["][:8]
        )
        try:
            encoder.encode(text)
        except GruvizError:
            return plain[0] if plain else ""
        return text
    if isinstance(encoder, IdEncoder):
        rows = [row for row in range(min(9, len(encoder.vectors))) if row != encoder.padding]
        return " ".join(map(str, rows[-8:]))
    columns = encoder.features
    if columns == 1:
        return "0 1 0 -1 0 1 0 -1"
    steps = max(2, min(8, _MOST_VALUES // columns))
    return "\n".join(
        " ".join("1" if column == step % columns else "0" for column in range(columns)) for step in range(steps)
    )


def _card(file: ModelFile, part: Part, table: Table | None, head: Head | None, choices: Choices) -> Card:
    stored = sorted({str(way.input.dtype).removeprefix("torch.") for layer in part.layers for way in layer.directions})
    said = [question.options[choices.answers[question.key]] for question in questions(part, table)]
    facts = [
        ("File", f"{short(file.name)}, {counted_bytes(file.size)}, SHA-256 `{file.sha256}`"),
        ("Part", part.title()),
        ("Numbers", f"stored as {listed(stored)}, computed in float64"),
    ]
    if table is not None:
        words = f", a vocabulary of {sum(map(bool, choices.vocabulary)):,} tokens" if choices.vocabulary else ""
        facts.append(("Embedding", f"{short(table.name)}, {table.tokens:,} tokens{words}"))
    if head is not None:
        facts.append(("Answer", f"{short(head.name)}, {HEAD_KINDS[choices.kind or head.kinds[0]]}"))
    if said:
        facts.append(("Chosen when it was opened", "; ".join(said)))
    facts += [("Note", note) for note in part.notes]
    return Card(
        f"A network of your own, from {short(file.name)} ({file.contents.format}): {part.cell}, {part.size()}. "
        f"{'It answers as you confirmed.' if head else 'No answer is read from it.'}",
        tuple(facts),
    )
