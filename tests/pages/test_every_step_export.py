"""Every file of the Step page, for every model, story and notation: it says what the screen says, and programs run."""

import csv
import io
import json

import numpy as np
import pytest

from gruviz.models import entries
from gruviz.reading.stories import STORIES
from tests.pages.step import choose, page, run, sent, values
from tests.pages.taken import files_taken
from tests.programs import printed_by

WRITE = "write"
RANDOM = {
    "numbers": {"input": "numbers", "columns": 2},
    "reset before": {"reset": "before", "hidden": 5},
    "one unit": {"hidden": 1},
}
CHANGED = {
    "sentiment-gru": "z@5-end=1;read@4=awful;skip@2",
    "sentiment-lstm": "f[1,3]=1;c@3=-0.5;i+=-1;unknown@2",
    "surnames-rnn": "h[0]=0;h@2-3+=1",
    "random": "r@2=0;n+=0.5;z[1]@3-end=1",
}
NUMBERS, ARRAYS, TEXT, PROGRAM = "Numbers, CSV", "Numbers, NPZ", "Numbers, JSON", "PyTorch program"
CASES = [
    *((f"story {story.key}", one) for story in STORIES for one in ("keep", WRITE)),
    *((f"model {name}", one) for name, one in zip(entries(), ("keep", WRITE) * len(entries()), strict=False)),
    *((f"random {name}", WRITE) for name in RANDOM),
    *((f"changed {name}", one) for name, one in zip(CHANGED, ("keep", WRITE) * len(CHANGED), strict=False)),
]


def shown(case, one):
    """The page for a case."""
    kind, _, name = case.partition(" ")
    app = page()
    if kind == "story":
        app.button(key=f"story-{name}").click()
        run(app)
    elif kind == "model":
        choose(app, "model", name)
    elif kind == "changed":
        choose(choose(app, "model", name), "what", CHANGED[name])
        assert sent(app)["whatIf"]["what"] == CHANGED[name]
    else:
        choose(app, "model", "random")
        for key, value in RANDOM[name].items():
            choose(app, key, value)
    return choose(app, "one", one)


@pytest.fixture(scope="module")
def taken(tmp_path_factory):
    """By case: what the screen shows, and the files with what their programs print."""
    found, programs = {}, {}
    with files_taken() as files:
        for case in CASES:
            app = shown(*case)
            signals = {}
            for signal in sent(app)["signals"]:
                exact = values(app, signal["key"])
                name = f"{signal['key']}_write" if signal["flips"] else signal["key"]
                signals[name] = 1 - exact if signal["flips"] else exact
            titles = (NUMBERS, ARRAYS, TEXT)
            found[case] = {"signals": signals, "sent": sent(app)} | {title: files[title] for title in titles}
            programs[case] = files[PROGRAM]
    printed = printed_by(tmp_path_factory.mktemp("programs"), programs)
    return {case: found[case] | {PROGRAM: printed[case]} for case in CASES}


def table(text):
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def column(rows, name, shape):
    return np.array([float(row[name]) for row in rows if row["step"] != "0"]).reshape(shape)


def percent(share):
    """As the screen says it: never all or nothing of what is only nearly so."""
    rounded = f"{share:.0%}"
    if rounded == "100%" and share < 1:
        return "more than 99%"
    return "less than 1%" if rounded == "0%" and share > 0 else rounded


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_all_files_hold_the_numbers_of_the_screen(taken, case):
    """Among them the update gate as it is shown, under a name that says which way round it is."""
    files = taken[case]
    rows, printed, text = table(files[NUMBERS]), table(files[PROGRAM]), json.loads(files[TEXT])
    with np.load(io.BytesIO(files[ARRAYS]), allow_pickle=False) as arrays:
        for name, exact in files["signals"].items():
            assert_same = {"rtol": 0, "atol": 1e-6 * max(1.0, np.abs(exact).max())}
            np.testing.assert_allclose(column(rows, name, exact.shape), exact, **assert_same)
            np.testing.assert_allclose(column(printed, name, exact.shape), exact, **assert_same)
            np.testing.assert_allclose(arrays[name], exact, **assert_same)
            np.testing.assert_allclose(text["signals"][name], exact, **assert_same)
    if "z_write" in files["signals"]:
        np.testing.assert_allclose(column(rows, "z", exact.shape), 1 - column(rows, "z_write", exact.shape), atol=1e-12)


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_all_files_hold_the_answers_of_the_screen(taken, case):
    files, answer = taken[case], taken[case]["sent"]["answer"]
    rows, text = table(files[NUMBERS]), json.loads(files[TEXT])
    first = {int(row["step"]): row for row in rows if row["unit"] == "0" and row["step"] != "0"}
    with np.load(io.BytesIO(files[ARRAYS]), allow_pickle=False) as arrays:
        if answer is None:
            assert "answer" not in rows[0]
            assert text["answers"] is None
            assert not any(name.startswith("answer_") for name in arrays)
            return
        for step, (told, actual) in enumerate(zip(answer["texts"], answer["actual"], strict=True), 1):
            row = first[step]
            assert row["asked"] == answer["label"]
            if "probability" in row:
                share = float(row["probability"]) if row["probability"] else 0.0
                written = percent(share)
                assert set(told.split(", ")) == {row["answer"], written} or told == f"{written} {row['answer']}"
                largest = max(text["answers"]["probabilities"][step])
                assert arrays["answer_probabilities"][step].max() == pytest.approx(largest, abs=1e-12)
                assert share == pytest.approx(largest) or told.endswith(row["answer"])
                assert row.get("actual", "") == actual.partition(", ")[0]
            else:
                number = float(row["answer"])
                assert number == arrays["answer_values"][step] == text["answers"]["values"][step]
                assert told.split(" ")[0].replace(",", "").replace("−", "-") in {f"{number:.1f}", f"{number:.2f}"}
                known = answer["beside"].replace(" ", "_")
                assert bool(row[known]) == bool(actual)
                assert (text["answers"][known][step - 1] is None) == (not actual)


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_all_files_say_what_their_numbers_are(taken, case):
    files = taken[case]
    rows, text = table(files[NUMBERS]), json.loads(files[TEXT])
    names = ["model", "cell", "initial_state", "gruviz_version", "torch_version"]
    gated = "z" in rows[0]
    names += ["update_gate", "reset_gate"] if gated else []
    with np.load(io.BytesIO(files[ARRAYS]), allow_pickle=False) as arrays:
        for name in names:
            assert rows[0][name] == rows[-1][name] == text[name] == arrays[name].item() != ""
        for name in ("weights", "sequence", "model_title"):
            assert text[name] == arrays[name].item() != ""
        assert arrays["known"].tolist() == text["known"] == files["sent"]["known"]
    assert rows[0]["step"] == "0"
    assert rows[0]["initial_state"].startswith("step 0: h")
    if gated:
        assert ("z_write" in rows[0]["update_gate"]) == (case[1] == WRITE) == ("z_write" in rows[0])
        assert "keeps the old state" in rows[0]["update_gate"]
        before = case[0] == "random reset before"
        assert rows[0]["reset_gate"].startswith("acts before" if before else "acts after")
