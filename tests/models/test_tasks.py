"""Each task: honest parts, answers that an independent reading confirms, and cells of one size."""

import random
import re
from collections import Counter
from functools import cache
from itertools import pairwise

import chess
import numpy as np
import pytest
import torch
from torch import nn

from gruviz.models.shipped import ENCODERS
from gruviz.models.tasks import TASKS, Answered, matched_size
from gruviz.models.tasks.brackets import ANSWERS, BROKEN, canonical, count_only, draw, judged
from gruviz.models.tasks.openings import first_legal
from gruviz.models.tasks.sunspots import CONTEXT, SCORED, read
from gruviz.training.network import CELLS

NAMES = sorted(TASKS)


@cache
def split_of(name):
    """Each task's split, made once."""
    return TASKS[name].split()


def parts_of(split):
    """Training, validation, test, and the further tests; those that are parts of the test are it."""
    tested = set(split.test)
    return [split.train, split.validation, split.test, *(e for e in split.also.values() if not tested.issuperset(e))]


@pytest.mark.parametrize("name", NAMES)
def test_no_sequence_is_in_two_parts(name):
    parts = [{example.text.casefold() for example in part} for part in parts_of(split_of(name))]
    assert sum(map(len, parts)) == len(set.union(*parts))
    assert all(parts)


@pytest.mark.parametrize("name", NAMES)
def test_the_split_is_fixed(name):
    assert TASKS[name].split() == split_of(name)


@pytest.mark.parametrize("name", NAMES)
def test_networks_have_as_many_parameters_within_5_percent(name):
    """Of cell and head, as torch makes them; the embedding is of one size."""
    counts = []
    for cell, kind in CELLS.items():
        settings = matched_size(TASKS[name].settings, cell, TASKS[name].outputs)
        parts = kind(settings.features, settings.hidden), nn.Linear(settings.hidden, TASKS[name].outputs)
        counts.append(sum(p.numel() for part in parts for p in part.parameters()))
    assert max(counts) / min(counts) <= 1.05


@pytest.mark.parametrize("name", NAMES)
def test_only_the_units_differ_between_cells(name):
    settings = [vars(matched_size(TASKS[name].settings, cell, TASKS[name].outputs)) | {"hidden": 0} for cell in CELLS]
    assert settings[0] == settings[1] == settings[2]


@pytest.mark.parametrize("name", NAMES)
def test_variations_keep_the_target_right(name):
    task, train = TASKS[name], split_of(name).train[:300]
    vocabulary, rng = task.vocabulary(train), random.Random(0)
    varied, index = task.varier(train, vocabulary), {token: i for i, token in enumerate(task.vocabulary(train))}
    for i, example in enumerate(train):
        steps, target = varied(i, rng)
        assert target == task.encode(example, index)[1]
        if name == "brackets":
            assert judged("".join(vocabulary[step] for step in steps)) == target
        elif name == "first-symbol":
            assert vocabulary[steps[0]] == "ABCD"[int(target)]
            assert all(vocabulary[step] in "wxyz" for step in steps[1:])
        elif name == "adding":
            assert sum(x * mark for x, mark in steps) == pytest.approx(target)
            assert sum(mark for _, mark in steps) == 2


def test_each_part_of_the_reviews_has_each_source_and_side_in_its_share():
    split, sources = split_of("sentiment"), ("amazon", "imdb", "yelp", "movies", "products")
    for group in sources:
        rated = group in ("movies", "products")
        for side in (False, True):
            parts = [
                sum(e.group == group and (e.target > 0.5) == side and abs(e.target - 0.5) > 0.179 for e in part)
                for part in (split.test, split.validation, split.train)
            ]
            shares = [part / sum(parts) for part in parts[:2]]
            assert shares == pytest.approx([0.1, 0.05] if rated else [0.2, 0.1], abs=0.003)


def test_surnames_spellings_are_letters_the_model_knows():
    known = set(TASKS["surnames"].vocabulary(()))
    for part in parts_of(split_of("surnames")):
        assert all(set(example.tokens) <= known for example in part)
        assert {example.group for example in part} == set(TASKS["surnames"].about["read_out"]["labels"])


def erased(text):
    """Independent of the task: what is left of a string when pairs are taken out again and again, as its answer."""
    while (shorter := re.sub(r"\(\)|\[\]|\{\}", "", text)) != text:
        text = shorter
    return BROKEN if re.search(r"[)\]}]", text) else len(text)


def test_brackets_are_judged_right():
    rng = random.Random(5)
    for _ in range(200):
        text = draw(rng, rng.randint(1, 30))
        assert judged(text) == tuple(float(erased(text[: i + 1])) for i in range(len(text)))
    assert judged("([)]()") == (1, 2, 5, 5, 5, 5)
    assert count_only("([)]()") == (1, 2, 1, 0, 1, 0)
    assert [ANSWERS[int(answer)] for answer in judged("[]{(}")] == ["1 deep", "balanced", "1 deep", "2 deep", "broken"]


def test_brackets_with_other_kinds_are_the_same_string():
    assert canonical("[{}](") == canonical("{()}[") == "([]){"


def test_no_test_string_of_brackets_begins_one_that_taught_or_chose():
    """Up to the names of the kinds: a network that answers after each character was taught the answers to all of it."""
    split = split_of("brackets")
    begun = {canonical(e.text[:n]) for e in split.train + split.validation for n in range(1, len(e.text) + 1)}
    for part in (split.test, *split.also.values()):
        assert not [e.text for e in part if canonical(e.text) in begun]


def test_brackets_can_not_be_judged_by_counting_alone():
    test = split_of("brackets").test
    assert 0.2 < np.mean([count_only(e.text) != e.target for e in test]) < 0.5
    counts = Counter(answer for e in test for answer in e.target)
    assert len(counts) == len(ANSWERS)
    assert max(counts.values()) < 0.5 * counts.total()


def test_memory_tasks_ask_for_what_came_long_ago():
    assert {len(e.tokens) for e in split_of("first-symbol").test} == {101}
    assert {len(e.numbers) for e in split_of("adding").test} == {50}
    for example in split_of("adding").test[:50]:
        marked = [i for i, (_, mark) in enumerate(example.numbers) if mark]
        assert len(marked) == 2
        assert marked[0] < 25 <= marked[1]
        assert example.target == pytest.approx(sum(example.numbers[i][0] for i in marked))


def test_sunspot_parts_share_no_month():
    months, values = read()
    starts = {part: [months.index(e.group) for e in getattr(split_of("sunspots"), part)]
              for part in ("train", "validation", "test")}  # fmt: skip
    length = CONTEXT + SCORED
    assert max(starts["train"]) + length <= min(starts["validation"])
    assert max(starts["validation"]) + length <= min(starts["test"])
    assert max(starts["test"]) + length == len(months)
    example = split_of("sunspots").test[0]
    assert example.target == tuple(values[starts["test"][0] + 1 : starts["test"][0] + length])
    scored = [month for start in starts["test"] for month in months[start + CONTEXT : start + length]]
    assert scored == months[months.index("1969-01") :]


def test_the_baselines_of_sunspots_are_what_they_say():
    months, values = read()
    persistence, seasonal, _ = TASKS["sunspots"].baselines(split_of("sunspots"))
    asked = range(months.index("1969-01"), len(months))
    assert np.mean(persistence.scores) == pytest.approx(np.mean([abs(values[t] - values[t - 1]) for t in asked]))
    assert np.mean(seasonal.scores) == pytest.approx(np.mean([abs(values[t] - values[t - 132]) for t in asked]))


def test_openings_answer_with_legal_moves_only():
    """Against all legal moves of the board, in positions of real games and for rankings at random."""
    task, split = TASKS["openings"], split_of("openings")
    vocabulary, rng = task.vocabulary(split.train), random.Random(1)
    assert len(vocabulary) == task.outputs + 1 == len(set(vocabulary))
    for example in split.test[:6]:
        board = chess.Board()
        for move in example.tokens[: rng.randint(1, 23)]:
            board.push_san(move)
        legal = {board.san(move) for move in board.legal_moves}
        ranked = rng.sample(vocabulary[1:], len(vocabulary) - 1)
        assert first_legal(board, ranked) == next((move for move in ranked if move in legal), None)
    assert first_legal(chess.Board(), ["Nh6", "e5", "Nf3+", "Ng1f3"]) is None


def test_openings_are_scored_by_the_move_that_was_played():
    task, split = TASKS["openings"], split_of("openings")
    vocabulary, games = task.vocabulary(split.train), split.test[:4]
    place = {move: i - 1 for i, move in enumerate(vocabulary) if i}
    logits = torch.zeros(23, len(games), task.outputs)
    for b, game in enumerate(games):
        for t, (_, following) in enumerate(pairwise(game.tokens)):
            if following in place and t % 2 == 0:
                logits[t, b, place[following]] = 1  # right at the even steps, elsewhere the first legal move
    lengths = torch.full((len(games),), 23)
    scores = task.scores(Answered(games, vocabulary, logits, lengths, torch.zeros(23, len(games))))
    assert all(0.4 < score < 0.8 for score in scores.tolist())


@pytest.mark.parametrize("name", [n for n in NAMES if TASKS[n].about["encoder"]["kind"] != "numbers"])
def test_what_a_person_types_is_what_training_read(name):
    task, split = TASKS[name], split_of(name)
    vocabulary = task.vocabulary(split.train)
    card = task.about["encoder"] | {"vocabulary": vocabulary}
    encoder = ENCODERS[card["kind"]](card, np.eye(len(vocabulary)))
    index = {token: i for i, token in enumerate(vocabulary)}
    for example in split.test[:50]:
        rows = encoder.encode(example.text).values.argmax(1).tolist()
        assert rows[: len(example.tokens)][: len(task.encode(example, index)[0])] == task.encode(example, index)[0]


@pytest.mark.parametrize("name", ["surnames", "brackets", "first-symbol", "adding"])
def test_scores_of_perfect_answers(name):
    task, examples = TASKS[name], split_of(name).test[:20]
    encoded = [task.encode(example, {}) for example in examples]
    lengths = torch.tensor([len(steps) for steps, _ in encoded])
    logits = torch.zeros(int(lengths.max()), len(examples), task.outputs)
    targets = torch.zeros(int(lengths.max()), len(examples)) if name == "brackets" else torch.zeros(len(examples))
    for b, (_, target) in enumerate(encoded):
        if name == "brackets":
            targets[: len(target), b] = torch.tensor(target)
            logits[range(len(target)), b, [int(answer) for answer in target]] = 1
        else:
            targets[b] = target
            logits[lengths[b] - 1, b, 0 if name == "adding" else int(target)] = target if name == "adding" else 1
    scores = task.scores(Answered(examples, (), logits, lengths, targets))
    assert scores.tolist() == pytest.approx([0 if task.lower_is_better else 1] * len(examples), abs=1e-6)
