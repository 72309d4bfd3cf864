"""Openings: which move comes next in a master game? Answered after each move, illegal moves left out."""

import csv
import gzip
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from gruviz.common.progress import Progress, reporting
from gruviz.inputs.words import UNKNOWN
from gruviz.models.tasks.settings import PLAIN
from gruviz.models.tasks.task import Answered, Baseline, EncodedExample, Example, Plain, Split

if TYPE_CHECKING:  # importing it takes 75 ms, which a session without chess should not have to wait
    import chess

DATA = Path(__file__).parents[1] / "data" / "openings" / "games.csv.gz"
SPLIT_SEED = 1
TRAIN, VALIDATION, TEST = 18_000, 250, 500  # games, of 19,000
MOVES = 500  # the most common of the training games; they are what it can answer
LONGEST_RUN = 6  # moves that the baseline looks back
FIRST_SCALE = 0.3  # standard deviation of the first move vectors
IGNORED = -1  # a move that is none of the most common: nothing to train on, and always answered wrong


class Openings(Plain):
    """The first 24 moves of both players, in standard algebraic notation; see data/openings."""

    name = "openings"
    metric = "accuracy of the next move"
    outputs = MOVES
    learn_vectors = True
    tuning = (
        "Units, epochs and dropout were chosen beforehand, in four looks at one GRU and the validation part; all cells "
        "had been trained with 5,000 games, 48 units and 5 epochs."
    )
    settings = replace(PLAIN, features=64, hidden=128, epochs=10, patience=4, rate=8e-3, drop_state=0.2)
    about: dict[str, Any] = {  # noqa: RUF012 (a constant of the task)
        "title": "Chess openings",
        "example": "e4 c5 Nf3 d6 d4 cxd4 Nxd4 Nf6 Nc3 a6",
        "encoder": {"kind": "moves"},
        "read_out": {"kind": "moves", "label": "next move"},
        "summary": (
            f"Reads a game's moves and predicts the next one, among the {MOVES} most common moves of its training "
            f"games; illegal ones are left out. Trained on {TRAIN:,} of the 19,000 games, 24 moves each. "
            "A prediction counts as right only if it is the move that was played."
        ),
        "data": f"Openings of master games: {TRAIN + VALIDATION + TEST:,} drawn from the 19,000 in the package",
        "licence": "Public domain",
        "credit": "Collections of the University of Pittsburgh chess server, as carried by gnuchess-book (S. Cracraft)",
    }

    def split(self, on_progress: Progress = None) -> Split:
        """Games drawn by the seed; no line of 24 moves is there twice."""
        with gzip.open(DATA, "rt", encoding="utf-8", newline="") as file:
            games = [row["moves"] for row in csv.DictReader(file)]
        games = random.Random(SPLIT_SEED).sample(games, TRAIN + VALIDATION + TEST)
        made = [Example(tuple(game.split()), (), game) for game in reporting(games, on_progress)]
        first, second = TRAIN, TRAIN + VALIDATION
        return Split(SPLIT_SEED, tuple(made[:first]), tuple(made[first:second]), tuple(made[second:]))

    def vocabulary(self, train: Sequence[Example]) -> tuple[str, ...]:
        """The most common moves, by the alphabet, after the unknown move."""
        counts = Counter(move for example in train for move in example.tokens)
        return (UNKNOWN, *sorted(sorted(counts, key=lambda move: (-counts[move], move))[:MOVES]))

    def first_vectors(self, train: Sequence[Example], vocabulary: tuple[str, ...], width: int) -> Any:  # noqa: ARG002
        """Random; the unknown move starts at 0. Draws from torch's random state."""
        vectors = FIRST_SCALE * torch.randn(len(vocabulary), width)
        vectors[0] = 0
        return vectors.numpy()

    def encode(self, example: Example, index: Mapping[str, int]) -> EncodedExample:
        """Every move but the last, and the move after each: a column of the head, one less than its row."""
        rows = [index.get(move, 0) for move in example.tokens]
        return rows[:-1], tuple(float(row - 1) for row in rows[1:])

    def loss(self, logits: Tensor, lengths: Tensor, targets: Tensor) -> Tensor:  # noqa: ARG002
        """Cross-entropy, mean over all moves; all games are of one length."""
        return cross_entropy(logits.flatten(0, 1), targets.long().flatten(), ignore_index=IGNORED)

    def scores(self, answered: Answered) -> Tensor:
        """The share of a game's moves that are predicted, (B,): the likeliest legal move is the one played."""
        import chess

        ranked = answered.logits[..., : len(answered.vocabulary) - 1].argsort(stable=True, descending=True)  # (T, B, K)
        scores = []
        for game, example in enumerate(answered.examples):
            board, right = chess.Board(), 0
            for step, (played, following) in enumerate(pairwise(example.tokens)):
                board.push_san(played)
                moves = (answered.vocabulary[column + 1] for column in ranked[step, game].tolist())
                right += first_legal(board, moves) == following
            scores.append(right / (len(example.tokens) - 1))
        return torch.tensor(scores, dtype=torch.float64)

    def baselines(self, split: Split) -> tuple[Baseline, ...]:
        """The most common legal move after the longest run of last moves that was seen in training."""
        import chess

        followers: dict[tuple[str, ...], Counter[str]] = {}
        for example in split.train:
            for t in range(len(example.tokens)):
                for run in range(min(LONGEST_RUN, t) + 1):
                    followers.setdefault(example.tokens[t - run : t], Counter())[example.tokens[t]] += 1
        ranked = {run: [move for move, _ in counts.most_common()] for run, counts in followers.items()}
        scores = []
        for example in split.test:
            board, right = chess.Board(), 0
            for t, (played, following) in enumerate(pairwise(example.tokens), start=1):
                board.push_san(played)
                runs = (example.tokens[t - run : t] for run in range(min(LONGEST_RUN, t), -1, -1))
                moves = (move for run in runs for move in ranked.get(run, ()))
                right += first_legal(board, moves) == following
            scores.append(right / (len(example.tokens) - 1))
        return (Baseline(f"Most common reply to the last {LONGEST_RUN} moves or fewer", tuple(scores)),)


def first_legal(board: "chess.Board", moves: Iterable[str]) -> str | None:
    """The first of `moves` that is legal and spelled as it should be on this board ("Bb5" is not "Bb5+")."""
    for san in moves:
        try:
            move = board.parse_san(san)
        except ValueError:
            continue
        if board.san(move) == san:
            return san
    return None
