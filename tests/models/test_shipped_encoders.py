"""What a person types for a trained model becomes the very inputs that it was trained on."""

import random
from functools import cache

import chess
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file

from gruviz.models import by_task, load_model, shipped
from gruviz.models.tasks import TASKS

FEW = settings(deadline=None, max_examples=25, derandomize=True)
EXAMPLES = 30  # of each task's test
KINDS = {name: shipped.read_card(name)["encoder"]["kind"] for name in shipped.names()}
MODELS = sorted((task, name) for task, by_cell in by_task().items() for name in by_cell.values())


@cache
def split_of(task):
    """Made once."""
    return TASKS[task].split()


@cache
def vectors(name):
    """The embedding as it lies in the package, (V, D)."""
    return load_file(shipped.FOLDER / f"{name}.safetensors")["embedding.weight"].numpy()


def check(name, encoded, tokens, rows):
    """Row 0 is the unknown token's where there is one."""
    unknown = load_model(name).encoder.vocabulary[0] == "<unk>"
    assert encoded.tokens == tuple(tokens)
    np.testing.assert_array_equal(encoded.values, vectors(name)[rows])
    assert encoded.known == tuple(row > 0 or not unknown for row in rows)


def typed(example):
    """An example as a person would type it: a series is named by its first month, and ends with its last answer."""
    _, colon, numbers = example.text.partition(": ")
    return numbers.rpartition(" ")[0] if colon and example.numbers else example.text


@pytest.mark.parametrize(("task", "name"), MODELS)
def test_test_examples_become_the_inputs_that_the_task_scores(task, name):
    encoder = load_model(name).encoder
    vocabulary = getattr(encoder, "vocabulary", ())
    index = {token: row for row, token in enumerate(vocabulary)}
    split = split_of(task)
    for example in [row for part in (split.test, *split.also.values()) for row in part[:EXAMPLES]]:
        encoded = encoder.encode(typed(example))
        steps, _ = TASKS[task].encode(example, index)
        if example.numbers:
            np.testing.assert_array_equal(encoded.values, steps)
            assert all(encoded.known)
            continue
        # the last move of a game is only predicted
        assert len(encoded.tokens) - len(steps) == (KINDS[name] == "moves")
        np.testing.assert_array_equal(encoded.values[: len(steps)], vectors(name)[list(steps)])
        in_vocabulary = [token in index for token in example.tokens]
        assert list(encoded.known) == in_vocabulary


@pytest.mark.parametrize("task", TASKS)
def test_a_task_s_vocabulary_is_the_one_its_models_ship(task):
    vocabulary = TASKS[task].vocabulary(split_of(task).taught)
    for name in by_task()[task].values():
        assert getattr(load_model(name).encoder, "vocabulary", ()) == vocabulary


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind in ("words", "characters", "symbols")])
@FEW
@given(data=st.data())
def test_text_of_any_tokens_of_the_vocabulary(name, data):
    vocabulary = load_model(name).encoder.vocabulary
    first = 1 if vocabulary[0] == "<unk>" else 0
    rows = data.draw(st.lists(st.integers(first, len(vocabulary) - 1), min_size=1, max_size=20))
    tokens = [vocabulary[row] for row in rows]
    if KINDS[name] == "characters" and not "".join(tokens).strip():
        return  # only spaces are an empty sequence
    text = {"characters": "", "words": " ", "symbols": " "}[KINDS[name]].join(tokens)
    check(name, load_model(name).encode(text), tokens, rows)
    if first and KINDS[name] != "symbols":
        other = text.upper() + (" " if KINDS[name] == "words" else "") + "😀"
        check(name, load_model(name).encode(other), [*[t.upper() for t in tokens], "😀"], [*rows, 0])


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind == "words"])
def test_every_word_of_the_vocabulary_can_be_typed_alone(name):
    encoder = load_model(name).encoder
    lost = [token for token in encoder.vocabulary[1:] if encoder.encode(token).known != (True,)]
    assert lost == []


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind == "moves"])
@FEW
@given(seed=st.integers(0, 10**6), length=st.integers(1, 24), numbered=st.booleans())
def test_any_legal_game(name, seed, length, numbered):
    vocabulary, rng, board = load_model(name).encoder.vocabulary, random.Random(seed), chess.Board()
    moves, text = [], ""
    for ply in range(length):
        if board.is_game_over():
            break
        legal = sorted(map(board.san, board.legal_moves))
        known = [move for move in legal if move in vocabulary]
        moves.append(rng.choice(known if known and rng.random() < 0.7 else legal))
        text += (f"{ply // 2 + 1}. " if numbered and ply % 2 == 0 else "") + moves[-1] + " "
        board.push_san(moves[-1])
    check(name, load_model(name).encode(text), moves, [vocabulary.index(m) if m in vocabulary else 0 for m in moves])


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind == "numbers"])
@FEW
@given(data=st.data())
def test_any_numbers(name, data):
    card, encoder = shipped.read_card(name)["encoder"], load_model(name).encoder
    row = st.lists(st.floats(-1e6, 1e6), min_size=card["columns"], max_size=card["columns"])
    rows = data.draw(st.lists(row, min_size=1, max_size=20))
    encoded = encoder.encode("\n".join(" ".join(map(repr, numbers)) for numbers in rows))
    np.testing.assert_allclose(encoded.values * card["scale"] + card["offset"], rows, rtol=1e-12, atol=1e-9)
    assert encoded.tokens == tuple(" ".join(map(repr, numbers)) for numbers in rows)
