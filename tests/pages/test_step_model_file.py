"""“Open a file…” on the Step page: a file of each format, what it leaves open, its layers, and a link to it."""

from unittest.mock import patch

import numpy as np
import pytest
import streamlit

import gruviz
from gruviz.reading import read
from tests.files import good
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
    assert page.test.selectbox(key="model").value == page.model().name
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
            told = any(text.endswith("numbers, last first.]") for text in page.texts())
            assert told == reverse
    names = sent_to(page.test, "stepper")["featureNames"]
    assert names[0] == "layer 0, forward, unit 0"
    assert len(names) == 2 * module.hidden_size


def test_changes_in_a_layer_that_reads_from_the_end_are_refused():
    model = gruviz.open_model(KERAS / "keras_bigru_ra1.keras")
    (backward,) = [view for view in model.views if view[1]]
    with pytest.raises(gruviz.GruvizError, match="Nothing can be changed yet in the run of a layer that reads from"):
        read(model.looking_at(backward), model.example, [gruviz.Hold("z", 1.0)])


def test_a_link_names_the_file_and_waits_for_it():
    path = TORCH / "torch_gru_L1_uni.pt"
    first = StepPage().bring(path).open_it()
    rows = lines(good.arrays(TORCH / "torch_gru_L1_uni.npz")["x"][:3, 0])
    link = says(first.type(rows).test)
    assert "torch_gru_L1_uni.pt (" in link["model"][0]
    there = StepPage({"model": link["model"][0], "rows": rows, "step": "2", "unit": "1"})
    (notice,) = [text for text in there.warnings() if "model file" in text]
    sha = first.test.session_state["gruviz"].file.sha256
    assert f"SHA-256 {sha[:12]}" in notice
    assert "torch_gru_L1_uni.pt (3.1 kB" in notice
    other = TORCH / "torch_lstm_L1_uni.pt"
    there.bring(other).open_it()
    assert says(there.test)["rows"] != [rows], "another file than the link's"
    there.bring(path).open_it()
    assert there.warnings() == []
    assert says(there.test) == link
    np.testing.assert_array_equal(there.values(), first.values())
    assert sent_to(there.test, "stepper")["focus"]["asked"] == {"step": "2", "unit": "1"}
