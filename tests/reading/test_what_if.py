"""Readings in which something is changed, the run behind them, and the sentence; and each token left out."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from gruviz import Hold, Replace, Shift, Skip
from gruviz.errors import GruvizError, SequenceError
from gruviz.models import list_models, load_model
from gruviz.reading import read
from gruviz.reading.leave_one_out import check_leave_one_out, leave_one_out
from gruviz.reading.what_if import describe, ghost, told, untouched
from gruviz.signals import CELLS, Notation

OPENING = "The food was great but the service was terrible."
every = pytest.mark.parametrize("name", list_models())


def test_a_reading_with_nothing_changed_has_nothing_behind_it():
    reading = read(load_model("sentiment-gru"), OPENING)
    assert reading.what_if == reading.trace.what_if == ()
    assert untouched(reading) is None


def test_the_opening_example_turns_when_one_gate_is_held():
    model = load_model("sentiment-gru")
    changed = read(model, OPENING, [Hold("z", 1, steps=slice(4, None))])
    behind = untouched(changed)
    plain = read(model, OPENING)
    for key, values in plain.trace.values.items():
        np.testing.assert_array_equal(behind.reading.trace[key], values)
    assert plain.answers.shares[-1, 0] < 0.5 < changed.answers.shares[-1, 0]
    np.testing.assert_array_equal(changed.answers.shares[4:], np.broadcast_to(changed.answers.shares[4], (7, 2)))
    sentence = told(changed, behind)
    assert sentence == (
        f"With the update gate held at 1 from step 5 on, the answer after the last step is {changed.answers.text(10)}; "
        f"without the change it is {plain.answers.text(10)}. The two runs first differ at step 5 (“but”) and are not "
        "within 1% of each other again."
    )


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("sunspots-gru", "first differ at step 2 (“14.2”) and are within 1% of each other again 9 steps later."),
        ("adding-lstm", "first differ at step 2 (“0.62 1”) and are within 1% of each other again 1 step later."),
        ("sentiment-gru", "and are not within 1% of each other again."),
        ("openings-lstm", "first differ at step 2 (“c5”), and stay within 1% of each other."),
    ],
)
def test_for_how_long_two_runs_differ(name, end):
    model = load_model(name)
    changed = read(model, model.example, [Hold("h", 0.0, units=0, steps=1)])
    assert told(changed, untouched(changed)).endswith(end)


def test_a_change_that_changes_nothing():
    model = load_model("sentiment-gru")
    nothing = read(model, OPENING, [Shift("z", 0)])
    same = nothing.answers.text(10)
    assert told(nothing, untouched(nothing)) == (
        f"With the bias of the update gate shifted by +0, the answer after the last step is {same}, as it is without "
        "the change. The hidden state is the same at every step."
    )


def test_another_sequence_behind():
    model = load_model("sentiment-gru")
    one, other = read(model, "good"), read(model, "not good")
    sentence = told(one, ghost(one, other))
    assert sentence == (
        f"The answer after the last step is {one.answers.text(1)}; for “not good” it is {other.answers.text(2)}. "
        "The two runs first differ at step 1 (“good”) and are not within 1% of each other again."
    )


def test_a_token_that_is_replaced_or_skipped():
    model = load_model("sentiment-gru")
    changed = read(model, "not bad", [Replace(1, "good"), Replace(0, None)])
    assert changed.trace.tokens == ("not", "good")
    assert changed.known == (False, True)
    assert changed.trace.what_if == changed.what_if == (Replace(1, "good"), Replace(0, None))
    skipped = read(model, "not bad", [Skip(0)])
    np.testing.assert_allclose(skipped.answers.shares[-1], read(model, "bad").answers.shares[-1], atol=1e-6)
    with pytest.raises(SequenceError, match="step 3 was to be replaced"):
        read(model, "not bad", [Replace(2, "good")])
    with pytest.raises(GruvizError, match="Signal 'c' was to be changed"):
        read(model, "not bad", [Hold("c", 1)])


@pytest.mark.parametrize(
    ("each", "words"),
    [
        (Hold("z", 1), "the update gate held at 1"),
        (Hold("z", 0.25, units=3, steps=slice(3, 8)), "the update gate of unit 3 held at 0.25 at steps 4 to 8"),
        (Hold("h", -0.5, units=[1, 2], steps=4), "the hidden state of units 1 and 2 held at −0.5 at step 5"),
        (Hold("n", 0, steps=-1, layer=1, reverse=True), "the candidate in layer 1, reverse held at 0 at the last step"),
        (Shift("r", 2, steps=slice(2, None)), "the bias of the reset gate shifted by +2 from step 3 on"),
        (Shift("r", -1.5), "the bias of the reset gate shifted by −1.5"),
        (Skip(4), "step 5 skipped"),
        (Skip(slice(4, 6)), "steps 5 to 6 skipped"),
        (Replace(3, "good"), "the token of step 4 read as “good”"),
        (Replace(3, None), "the token of step 4 read as unknown"),
    ],
)
def test_interventions_in_words(each, words):
    assert describe(each, CELLS["GRU"], Notation()) == words


def test_words_follow_the_notation():
    assert describe(Hold("z", 0.75), CELLS["GRU"], Notation(one_means="write")).endswith("held at 0.25")


# Leave-one-out


def typical(name):
    model = load_model(name)
    reading = read(model, model.example)
    return reading if len(reading.trace) <= 40 else read(model, " ".join(model.example.split()[:40]))


@every
def test_what_is_told_is_the_reading_s_own_answer(name):
    reading = typical(name)
    if reading.model.read_out is None:
        with pytest.raises(GruvizError, match="gives no answers"):
            leave_one_out(reading)
        return
    found = leave_one_out(reading)
    answers, steps = reading.answers, range(1, len(reading.trace) + 1)
    if hasattr(answers, "values"):
        own = answers.values[1:]
    else:
        own = [answers.shares[step, answers.told(step)] for step in steps]
    np.testing.assert_allclose(found.told, own, rtol=1e-5, atol=1e-6)  # nothing left out changes nothing
    later = np.triu_indices(len(reading.trace), 1)
    np.testing.assert_allclose(found.effect[later], 0, atol=1e-6 * max(1, np.abs(found.told).max()))


@pytest.mark.parametrize("name", ["sentiment-gru", "sentiment-lstm", "sentiment-rnn", "surnames-gru", "sunspots-gru"])
def test_a_token_left_out_is_a_sequence_without_it(name):
    reading = typical(name)
    found, model, steps = leave_one_out(reading), reading.model, len(reading.trace)
    for left_out in range(0, steps, max(1, steps // 5)):
        stays = np.delete(np.arange(steps), left_out)
        shorter = replace(reading.encoded, tokens=tuple(np.array(reading.trace.tokens)[stays]),
                          values=reading.encoded.values[stays])  # fmt: skip
        states = np.insert(model.run(shorter)["h"], left_out, 0, axis=0)
        states[left_out] = states[left_out - 1] if left_out else 0
        expected = model.read_out.scores(reading.trace, states[:, None])[:, 0]
        np.testing.assert_allclose(found.without[:, left_out], expected, rtol=1e-5, atol=1e-5)


def test_the_layer_that_the_answer_reads_is_the_one_that_runs_without_a_token():
    torch.manual_seed(0)
    of_one = load_model("sentiment-gru")
    size = of_one.module.hidden_size
    model = replace(of_one, module=torch.nn.GRU(of_one.encoder.features, size, num_layers=2), view=(1, False))
    reading = read(model, OPENING)
    assert reading.trace.layer == 1
    own = [reading.answers.shares[step, reading.answers.told(step)] for step in range(1, len(reading.trace) + 1)]
    np.testing.assert_allclose(leave_one_out(reading).told, own, rtol=1e-5, atol=1e-6)


def test_read_as_unknown():
    reading = read(load_model("sentiment-gru"), OPENING)
    found = leave_one_out(reading, as_unknown=True)
    assert found.as_unknown
    for step in (3, 8):
        other = read(reading.model, OPENING, [Replace(step, None)])
        np.testing.assert_allclose(found.without[:, step], other.answers.shares[1:, 0], atol=1e-6)


def test_what_is_changed_stays_changed():
    model, changed = load_model("sentiment-gru"), [Hold("r", 0), Replace(3, "awful")]
    found = leave_one_out(read(model, OPENING, changed))
    for step in (3, 8):
        other = read(model, OPENING, [*changed, Skip(step)])
        np.testing.assert_allclose(found.without[:, step], other.answers.shares[1:, 0], atol=1e-6)


def test_many_tokens_go_in_several_batches(monkeypatch):
    reading = read(load_model("sentiment-gru"), OPENING)
    whole = leave_one_out(reading)
    monkeypatch.setattr("gruviz.reading.leave_one_out._AT_ONCE", 10 * 24 * 3)
    np.testing.assert_allclose(leave_one_out(reading).without, whole.without, atol=1e-6)


def test_what_takes_too_long_is_refused():
    model = load_model("random", {"hidden": 64})
    with pytest.raises(GruvizError, match="no answers"):
        check_leave_one_out(model, 5)
    sentiment = load_model("sentiment-gru")
    check_leave_one_out(sentiment, 256)
    with pytest.raises(GruvizError, match="up to 256 steps; this one has 257"):
        check_leave_one_out(sentiment, 257)
    wide = replace(sentiment, module=torch.nn.GRU(1, 512))
    with pytest.raises(GruvizError, match="With 512 units it is for sequences of up to 32 steps"):
        check_leave_one_out(wide, 33)
    with pytest.raises(GruvizError, match="none can be read as unknown"):
        leave_one_out(typical("sunspots-gru"), as_unknown=True)


# A layer that reads from the end


def backward_model(layers):
    """A network of two directions, float64, that reads words; its top layer is looked at from the end."""
    torch.manual_seed(3)
    words = load_model("sentiment-gru").encoder
    module = torch.nn.GRU(words.features, 4, layers, bidirectional=True, dtype=torch.float64)
    plain = replace(load_model("sentiment-gru"), module=module, read_out=None, trained_on=None, encoder=words)
    return plain.looking_at((layers - 1, True))


def slow_loop(model, x, what_if):
    """h (T, H) of the direction that reads from the end, in that order, of one layer; changes act where they say."""
    w_i, w_h, b_i, b_h = (
        getattr(model.module, f"{name}_l0_reverse").detach().numpy()
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    )
    h, states, units = np.zeros(4), [], range(4)
    for step, x_t in enumerate(x[::-1]):
        here = [each for each in what_if if each.steps is None or step in range(len(x))[slice(*each.steps)]]
        if any(isinstance(each, Skip) for each in here):
            states.append(h)
            continue
        from_x, from_h, values = w_i @ x_t + b_i, w_h @ h + b_h, {}
        for each in here:
            if isinstance(each, Shift):
                for unit in each.units or units:
                    from_x["rzn".index(each.signal) * 4 + unit] += each.by

        def held(key, value, here=here):
            for each in here:
                if isinstance(each, Hold) and each.signal == key:
                    value[list(each.units or units)] = each.value
            return value

        for key, gate in (("r", 0), ("z", 4)):
            values[key] = held(key, 1 / (1 + np.exp(-from_x[gate : gate + 4] - from_h[gate : gate + 4])))
        n = held("n", np.tanh(from_x[8:] + values["r"] * from_h[8:]))
        h = held("h", (1 - values["z"]) * n + values["z"] * h)
        states.append(h)
    return np.array(states)


FROM_THE_END = [
    [Hold("z", 1.0, steps=1)],
    [Hold("r", 0.25, units=[1, 3], steps=slice(2, 5)), Shift("z", 2.0, units=0, steps=slice(0, 3))],
    [Skip(0), Hold("h", 0.5, units=2, steps=-1)],
    [Skip(slice(4, 6)), Hold("n", -0.5), Shift("n", -1.0, steps=slice(3, None))],
]


@pytest.mark.parametrize("what_if", FROM_THE_END)
def test_changes_of_a_layer_that_reads_from_the_end_count_steps_as_it_reads(what_if):
    model = backward_model(layers=1)
    reading = read(model, OPENING, what_if)
    x = model.encode(OPENING).values
    np.testing.assert_allclose(reading.trace["h"], slow_loop(model, x, what_if), rtol=0, atol=1e-12)
    assert reading.trace.tokens == tuple(reversed(model.encode(OPENING).tokens))
    assert reading.what_if == reading.trace.what_if == tuple(what_if)


@pytest.mark.parametrize("what_if", FROM_THE_END)
@pytest.mark.parametrize("layers", [1, 2])
def test_the_api_has_the_same_run_with_steps_counted_as_in_its_arrays(what_if, layers):
    model, steps = backward_model(layers), 10
    reading = read(model, OPENING, what_if)
    for_arrays = []
    for each in what_if:
        last_first = range(steps)[::-1][slice(*(each.steps or (None, None)))]
        for_arrays += [each] if each.steps is None else [replace(each, steps=step) for step in last_first]
    trace = model.trace(OPENING, for_arrays)
    for key, values in reading.trace.values.items():
        np.testing.assert_array_equal(values, trace[key][::-1])


def test_a_token_that_is_replaced_where_a_layer_reads_from_the_end():
    model = backward_model(layers=1)
    reading = read(model, OPENING, [Replace(1, "nice")])
    assert reading.trace.tokens[:3] == (".", "nice", "was")
    np.testing.assert_array_equal(reading.trace["h"], read(model, OPENING.replace("terrible", "nice")).trace["h"])
    assert told(reading, untouched(reading)).endswith(
        "the two runs first differ at step 2 (“nice”) and are not within 1% of each other again."
    )
    with pytest.raises(SequenceError, match="step 11 was to be replaced; this sequence has 10"):
        read(model, OPENING, [Replace(10, "nice")])
    with pytest.raises(GruvizError, match=r"Steps \[10:11\] were to be changed; this sequence has step indices 0 to 9"):
        read(model, OPENING, [Hold("z", 1, steps=10)])
