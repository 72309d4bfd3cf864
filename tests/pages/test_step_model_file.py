"""“Open a file…” on the Step page: a file of each format, what it leaves open, its layers, and a link to it."""

from unittest.mock import patch

import numpy as np
import pytest
import streamlit

import gruviz
from tests.files import good
from tests.pages import step
from tests.pages.opened import Opened, unescaped
from tests.wire import says, sent_to

TORCH, KERAS, ONNX = (good.FOLDER / name for name in ("torch", "keras", "onnx"))


class StepPage(Opened):
    script = "pages/step.py"

    def run(self):
        popover = streamlit.popover

        def opened(*arguments, **options):
            menu = popover(*arguments, **options)
            menu.open = True
            return menu

        with patch.object(streamlit, "popover", opened):
            return super().run()

    def bring(self, path, name=None):
        self.test.file_uploader[0].upload(name or path.name, path.read_bytes())
        return self.run()

    def choose(self, label, words):
        (menu,) = [each for each in self.test.selectbox if each.label == label]
        menu.set_value(menu.options[next(place for place, option in enumerate(menu.options) if words in option)])
        return self.run()

    def button(self):
        (button,) = [each for each in self.test.button if each.label == "Open it"]
        return button

    def open_it(self):
        self.button().click()
        return self.run()

    def type(self, text):
        field = next(each for each in (*self.test.text_area, *self.test.text_input) if each.label == "Sequence")
        field.set_value(text)
        return self.run()

    def values(self, key="h"):
        data = sent_to(self.test, "stepper")
        return data["values"][key].reshape(data["steps"], data["units"])

    def model(self):
        return next(reversed(self.test.session_state["gruviz"].models.values()))

    def link(self):
        """What the address is to say of this screen, {name: text}."""
        field = next(each.key for each in (*self.test.text_area, *self.test.text_input) if each.label == "Sequence")
        found = {name: texts[0] for name, texts in says(self.test).items()}
        return {name: text for name, text in found.items() if name not in {"seq", "rows"} - {field}}

    def texts(self):
        return [unescaped(each.value) for each in self.test.markdown]


def lines(x):
    return "\n".join(" ".join(repr(float(value)) for value in row) for row in x)


@pytest.mark.parametrize(
    "path",
    [TORCH / "torch_gru_L1_uni.pt", TORCH / "torch_lstm_L1_uni.safetensors", KERAS / "keras_gru_ra0.keras",
     ONNX / "onnx_gru_lbr0_fwd.onnx"],
    ids=lambda path: path.name,
)  # fmt: skip
def test_the_numbers_on_the_page_are_another_programs(path):
    """To 1e-6 where the .npz begins at zero; where it does not, those of gruviz.open_model, which other tests check."""
    arrays = good.arrays(path.parent / f"{path.name.partition('.')[0]}.npz")
    page = StepPage().bring(path).open_it()
    assert page.errors() == []
    assert step.chosen_model(page.test) == page.model().name
    page.type(lines(arrays["x"][:, 0]))
    assert page.errors() == []
    if not any(arrays[key].any() for key in ("h0", "c0") if key in arrays):
        np.testing.assert_allclose(page.values(), arrays["h"][0, 0, :, 0], rtol=0, atol=1e-6)
    same = gruviz.trace(gruviz.open_model(path).module, arrays["x"][:, 0])
    for key in same.values:
        np.testing.assert_allclose(page.values(key), same[key], rtol=0, atol=1e-6)


def test_a_bad_file_is_told_and_the_picture_stays():
    page = StepPage()
    before = page.values()
    page.bring(good.BAD / "evil_pickle_zip.pt")
    (sentence,) = page.errors()
    with pytest.raises(gruviz.GruvizError) as told:
        gruviz.open_model(good.BAD / "evil_pickle_zip.pt")
    assert sentence == str(told.value)
    np.testing.assert_array_equal(page.values(), before)
    page.bring(TORCH / "torch_gru_L1_uni.pt")
    assert page.errors() == []


def test_weights_that_are_not_numbers_are_told_when_it_is_opened():
    page = StepPage().bring(good.BAD / "nan_weights.safetensors")
    if not page.errors():
        page.open_it()
    (sentence,) = page.errors()
    assert "NaN" in sentence
    assert page.test.session_state["gruviz"].models == {}


def test_a_part_is_chosen():
    page = StepPage().bring(TORCH / "torch_two_grus.pt").choose("Recurrent part", "decoder.rnn").open_it()
    assert page.errors() == []
    assert page.values().shape[1] == 3
    assert "torch_two_grus.pt: decoder.rnn" in page.model().title
    page.choose("Recurrent part", "encoder.rnn").open_it()
    assert page.values().shape[1] == 4
    assert len(page.test.session_state["gruviz"].models) == 2


def test_what_the_file_does_not_say_is_asked():
    path = KERAS / "keras_gru_ra1_nobias.weights.h5"
    page = StepPage().bring(path)
    assert page.button().disabled
    assert "The file does not say where the reset gate of this GRU acts." in " ".join(page.texts())
    page.choose("Reset gate acts", "after the recurrent product")
    assert not page.button().disabled
    page.open_it()
    arrays = good.arrays(KERAS / "keras_gru_ra1_nobias.npz")
    page.type(lines(arrays["x"][:, 0]))
    same = gruviz.trace(gruviz.open_model(path, reset="after").module, arrays["x"][:, 0])
    np.testing.assert_allclose(page.values(), same["h"], rtol=0, atol=1e-6)


def test_an_embedding_in_front_and_an_answer_behind():
    page = StepPage().bring(TORCH / "torch_gru_prefixed.pt")
    page.choose("In front of it", "embed").choose("Behind it", "head")
    assert page.button().disabled, "what the answer means is open"
    page.choose("Its answer is", "a number").open_it()
    assert page.errors() == []
    assert page.test.text_input(key="seq").value == page.model().example
    assert sent_to(page.test, "stepper")["answer"]["texts"]


def test_a_layer_that_reads_from_the_end_is_shown_in_its_order():
    path = TORCH / "torch_gru_L2_bi.pt"
    x = good.arrays(TORCH / "torch_gru_L2_bi.npz")["x"][:, 0]
    module = gruviz.open_model(path).module
    page = StepPage().bring(path).open_it().type(lines(x))
    for layer in (0, 1):
        for words, reverse in (("forward", False), ("from the end", True)):
            page.choose("Layer", f"layer {layer}, {words}")
            assert page.errors() == []
            right = gruviz.trace(module, x, layer=layer, reverse=reverse)["h"]
            np.testing.assert_allclose(page.values(), right[::-1] if reverse else right, rtol=0, atol=1e-6)
            told = any(text.endswith("numbers, right to left: the last one first.]") for text in page.texts())
            assert told == reverse
    names = sent_to(page.test, "stepper")["featureNames"]
    assert names[0] == "layer 0, forward, unit 0"
    assert len(names) == 2 * module.hidden_size


def test_changes_in_a_layer_that_reads_from_the_end_count_steps_as_they_are_shown():
    path = KERAS / "keras_bigru_ra1.keras"
    page = StepPage().bring(path).open_it().choose("Layer", "from the end")
    plain, shown = page.values(), sent_to(page.test, "stepper")["labels"]
    page.test.text_input(key="what").set_value("z[1]@2=1;0/r=0;skip@4")
    page.run()
    assert page.errors() == []
    data = sent_to(page.test, "stepper")
    assert data["labels"] == shown == list(reversed(page.model().encode(page.model().example).tokens))
    steps = data["steps"]
    held = [gruviz.Hold("z", 1, units=1, steps=steps - 2), gruviz.Skip(steps - 4)]
    right = gruviz.trace(
        page.model().module, page.model().encode(page.model().example).values, reverse=True, what_if=held
    )
    np.testing.assert_allclose(page.values(), right["h"][::-1], rtol=0, atol=1e-6)
    np.testing.assert_array_equal(page.values()[0], plain[0])
    assert data["whatIf"]["told"].count("first differ at step 2") == 1
    assert data["whatIf"]["changes"] == [
        {"kind": "hold", "signal": "z", "units": [1], "value": 1, "first": 2, "last": 2},
        {"kind": "skip", "first": 4, "last": 4},
    ], "what is held in the other direction is not of this one's arithmetic"


def test_a_link_names_the_file_and_waits_for_it():
    path = TORCH / "torch_gru_L1_uni.pt"
    first = StepPage().bring(path).open_it()
    rows = lines(good.arrays(TORCH / "torch_gru_L1_uni.npz")["x"][:3, 0])
    link = first.type(rows).link()
    assert "torch_gru_L1_uni.pt (" in link["model"]
    there = StepPage({"model": link["model"], "rows": rows, "step": "2", "unit": "1"})
    assert says(there.test) == {name: [text] for name, text in link.items()}, "reloaded now, it waits again"
    assert sent_to(there.test, "address")["held"] is True
    (notice,) = [text for text in there.warnings() if "model file" in text]
    sha = first.test.session_state["gruviz"].file.sha256
    assert f"SHA-256 {sha[:12]}" in notice
    assert "torch_gru_L1_uni.pt (3.1 kB" in notice
    other = TORCH / "torch_lstm_L1_uni.pt"
    there.bring(other).open_it()
    assert there.link()["rows"] != rows, "another file than the link's"
    assert sent_to(there.test, "address")["held"] is False
    there.bring(path).open_it()
    assert there.warnings() == []
    assert there.link() == link
    np.testing.assert_array_equal(there.values(), first.values())
    assert sent_to(there.test, "stepper")["focus"]["asked"] == {"step": "2", "unit": "1"}


def test_a_link_says_how_the_file_was_opened():
    path, words = TORCH / "torch_gru_prefixed.pt", "\n".join(f"w{row}" for row in range(20)).encode()
    first = StepPage().bring(path)
    first.choose("In front of it", "embed").choose("Behind it", "head").choose("Its answer is", "a probability")
    next(each for each in first.test.text_input if each.label == "What the answer is called").set_value("a good one")
    first.test.file_uploader[1].upload("words.txt", words)
    first.run().open_it().type("w3 w1 w4 w1 w5")
    assert first.errors() == []
    link = first.link()
    said = {
        "embedding": "embed",
        "head": "head",
        "kind": "probability",
        "labels": "a good one",
        "seq": "w3 w1 w4 w1 w5",
    }
    assert {key: link[key] for key in said} == said
    assert link["vocabulary"].startswith("words.txt (69 bytes, SHA-256 ")
    there = StepPage(link | {"what": "z@2=1;read@3=w9", "side": "arithmetic"})
    assert there.errors() == [], "nothing of it is done to the example"
    there.bring(path)
    assert any("The link is of the vocabulary words.txt (69 bytes" in text for text in there.warnings())
    there.test.file_uploader[1].upload("the_same.txt", words)
    there.run()
    assert not any("vocabulary" in text for text in there.warnings())
    there.open_it()
    assert there.errors() == there.warnings() == []
    data, ghost = sent_to(there.test, "stepper"), sent_to(there.test, "stepper")["whatIf"]["ghost"]
    assert (data["labels"][2], ghost["labels"][2]) == ("w9", "w4")
    np.testing.assert_array_equal(ghost["values"]["h"], first.values().ravel())
    assert ghost["texts"] == sent_to(first.test, "stepper")["answer"]["texts"]
    assert "a good one" in data["answer"]["texts"][0]
    assert there.link() == link | {"what": "z@2=1;read@3=w9", "vocabulary": there.link()["vocabulary"]}
    assert data["focus"]["asked"] == {"side": "arithmetic"}


def test_a_layer_and_a_part_are_in_the_link():
    path = TORCH / "torch_two_grus.pt"
    first = StepPage().bring(path).choose("Recurrent part", "decoder.rnn").open_it()
    link = first.link()
    assert link["part"] == "decoder.rnn"
    there = StepPage(link).bring(path).open_it()
    np.testing.assert_array_equal(there.values(), first.values())
    path = TORCH / "torch_gru_L2_bi.pt"
    first = StepPage().bring(path).open_it().choose("Layer", "layer 1, from the end")
    link = first.link()
    assert link["layer"] == "layer 1, from the end"
    there = StepPage(link).bring(path).open_it()
    np.testing.assert_array_equal(there.values(), first.values())
    assert there.link() == link


def test_what_the_file_does_not_have_is_told():
    path = TORCH / "torch_gru_prefixed.pt"
    link = StepPage().bring(path).open_it().link()
    there = StepPage({**link, "embedding": "nothing", "head": "head", "kind": "colour", "layer": "layer 7"}).bring(path)
    assert sorted(text for text in there.warnings() if "this file" in text) == [
        "The link sets “In front of it” to “nothing”, which this file does not have.",
        "The link sets “Its answer is” to “colour”, which this file does not have.",
    ]
    there.choose("Its answer is", "a number").open_it()
    assert there.errors() == []
    assert there.link()["head"] == "head"


def test_whoever_changes_something_while_a_link_waits_has_a_link_of_that():
    path = TORCH / "torch_gru_L1_uni.pt"
    link = StepPage().bring(path).open_it().link()
    there = StepPage(link).type("good")
    assert says(there.test) == {"seq": ["good"]}
    there.bring(path).open_it()
    assert there.link() == link
