"""Networks that learn side by side: what they learn, and that it is the same however the run is cut."""

import numpy as np
import pytest
import torch

from gruviz.errors import GruvizError
from gruviz.live import race as race_module
from gruviz.live.made_up import adding, first_symbol, sine
from gruviz.live.race import Race
from gruviz.live.recorded import brackets, sunspots
from gruviz.live.settings import LiveSettings
from gruviz.models.tasks import TASKS

SOURCES = {"first-symbol": first_symbol, "adding": adding, "sine": sine, "brackets": brackets, "sunspots": sunspots}


def race(make=first_symbol, updates=0, **knobs):
    settings = LiveSettings(**{"lag": 5, "units": 6, "batch": 8, **knobs})
    made = Race(settings, make(settings))
    for _ in range(updates):
        made.update()
    return made


def weights(of):
    return {
        f"{cell} {key}": value for cell, one in of.learners.items() for key, value in one.network.state_dict().items()
    }


def test_all_three_learn_what_is_near():
    learned = race(updates=120, rate=0.02, units=16, batch=32)
    assert all(learner.reached for learner in learned.learners.values())
    for score, _ in learned.held_out().values():
        assert score > 0.9


@pytest.mark.parametrize("name", SOURCES)
def test_every_task_gives_finite_losses_that_fall(name):
    made = race(SOURCES[name], updates=60, rate=0.02, units=12, batch=32)
    for learner in made.learners.values():
        losses = learner.history[:60, 0]
        assert np.isfinite(losses).all()
        assert losses[-10:].mean() < losses[:10].mean()


@pytest.mark.parametrize("name", ["first-symbol", "adding", "brackets"])
def test_the_loss_and_the_score_are_those_of_the_task_that_ships_networks(name):
    made = race(SOURCES[name])
    task, (inputs, lengths, targets) = TASKS[name], made.source.held_out
    with torch.no_grad():
        logits = made.learners["GRU"].network(inputs)
    theirs = task.loss(logits, lengths, targets)
    torch.testing.assert_close(made.source.loss(logits, lengths, targets), theirs)


def test_the_same_settings_give_the_same_weights_and_another_seed_gives_others():
    first, torch_state = weights(race(updates=5)), torch.get_rng_state()
    torch.rand(3)
    assert all(torch.equal(value, first[key]) for key, value in weights(race(updates=5)).items())
    assert not torch.equal(weights(race(updates=5, seed=1))["GRU head.weight"], first["GRU head.weight"])
    torch.set_rng_state(torch_state)


def test_making_and_training_leaves_the_random_state_alone():
    before = torch.get_rng_state()
    race(updates=3)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_networks_start_as_the_gradients_page_draws_them():
    from gruviz.cells.draws import draw

    made = race(update=None, recurrent=("orthogonal", None), forget=("forget_bias", 1.5))
    drawn = draw("LSTM", 6, 8, 1, [0], choices={"orthogonal": None, "forget_bias": 1.5}).weights[0]
    module = made.learners["LSTM"].network.rnn
    np.testing.assert_allclose(module.weight_hh_l0.detach(), drawn.recurrent, rtol=1e-6)
    np.testing.assert_allclose(module.bias_ih_l0.detach()[6:12], 1.5)


def test_clipping_keeps_the_gradients_norm_below_one():
    sizes = {}
    for clip in (True, False):
        made = race(
            adding, updates=1, clip=clip, activation="relu", recurrent=("identity_relu", 1.2), optimizer="momentum"
        )
        gradients = [weight.grad for weight in made.learners["RNN"].network.parameters() if weight.grad is not None]
        sizes[clip] = float(torch.nn.utils.get_total_norm(gradients))
    assert sizes[False] > 1
    assert sizes[True] == pytest.approx(1, abs=1e-4)


def test_a_network_that_breaks_stops_alone():
    made = race(
        updates=0,
        optimizer="momentum",
        rate=10.0,
        clip=False,
        activation="relu",
        recurrent=("identity_relu", 1.2),
        lag=60,
    )
    made.learners["RNN"].network.rnn.weight_hh_l0.data.fill_(float("inf"))
    for _ in range(2):
        made.update()
    assert made.learners["RNN"].broken == 1
    assert made.learners["GRU"].broken is None
    assert np.isnan(made.learners["RNN"].history[1]).all()
    assert set(made.held_out()) == {"LSTM", "GRU"}
    assert not made.over


def test_a_race_ends_at_its_limit(monkeypatch):
    monkeypatch.setattr(race_module, "MAX_UPDATES", 3)
    made = race(updates=3)
    assert made.over


@pytest.mark.parametrize(
    ("knobs", "said"),
    [
        ({"lag": 4}, "The lag is 4; allowed: 5 to 200"), ({"units": 129}, "hidden units is 129; allowed: 1 to 128"),
        ({"rate": 11.0}, "The learning rate is 11"), ({"batch": 0}, "The batch is 0"), ({"seed": -1}, "The seed is -1"),
        ({"ahead": 51}, "steps ahead is 51"),
    ],
)  # fmt: skip
def test_numbers_outside_their_limits_are_refused(knobs, said):
    with pytest.raises(GruvizError, match=said):
        LiveSettings(**knobs).check()
