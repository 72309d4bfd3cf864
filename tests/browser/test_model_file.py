"""“Open a file…” in a browser: a file of each format goes from the disk to the stepper, and a link to the receiver."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.axe import serious
from tests.browser.waiting import steady
from tests.files import good


@pytest.fixture
def elsewhere(pages, browser):
    """A page in a browser that never saw gruviz, not opened yet."""
    context = browser.new_context()
    yield pages.new(context=context)
    context.close()


def give(page, path):
    """Opens the menu, and gives it a file."""
    page.button("Open a file…").click()
    page.page.locator(".st-key-model-file-upload input[type=file]").set_input_files(path)
    expect(page.button("Open it")).to_be_visible()


def choose(page, name, option):
    page.rests()  # an element that is drawn again would close its list
    page.page.get_by_role("combobox", name=name).click()
    options = page.page.get_by_role("listbox")
    options.get_by_role("option", name=option).click()
    expect(options).to_have_count(0)


def open_it(page, path):
    page.button("Open it").click()
    page.page.wait_for_function(
        "name => new URL(location).searchParams.get('model')?.startsWith(name)", arg=path.name, timeout=60_000
    )
    expect(page.button("Open it")).to_have_count(0)  # the menu has closed
    page.rests()


def test_the_menu_of_models_leads_to_the_menu_of_files(step_page):
    step_page.open()
    step_page.page.locator(".st-key-model-menu [data-testid=stPopoverButton]").click()
    step_page.page.get_by_test_id("stPopoverBody").get_by_role("button", name="Open a file…").click()
    expect(step_page.page.get_by_role("group", name="Sentiment")).to_have_count(0)
    step_page.page.locator(".st-key-model-file-upload input[type=file]").wait_for(state="attached")


FRAMEWORKS = {
    "torch/torch_gru_L1_uni.pt": lambda arrays: arrays["torch_h"][0, 0, :, 0],
    "keras/keras_gru_ra0.keras": lambda arrays: arrays["keras_h"][0],
    "onnx/onnx_gru_lbr0_fwd.onnx": lambda arrays: arrays["onnx_Y"][:, 0, 0],
}


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_the_numbers_of_a_file_are_its_framework_s_own(step_page, name, tmp_path):
    path = good.FOLDER / name
    arrays = good.arrays(path.parent / f"{path.stem}.npz")
    x = arrays["x"][:, 0]
    step_page.open()
    give(step_page, path)
    open_it(step_page, path)
    expect(step_page.sequence).to_have_value(good.Opening(path).model().example)
    step_page.sequence.fill("\n".join(" ".join(map(repr, row.tolist())) for row in x))
    step_page.sequence.press("Control+Enter")
    expect(step_page.chips).to_have_count(len(x))
    step_page.press("End")
    step_page.at(len(x), len(x))
    step_page.rests()
    with step_page.popover("Export") as menu:
        steady(lambda: len(step_page.messages), pause=1.0)  # the menu's cursor may come in a run of its own
        step_page.rests()
        with step_page.page.expect_download() as download:
            menu.get_by_role("button", name="Numbers, NPZ").click()
        download.value.save_as(tmp_path / "numbers.npz")
    with np.load(tmp_path / "numbers.npz") as numbers:
        for key in "rznh":
            np.testing.assert_allclose(numbers[key], arrays[key][0, 0, :, 0], rtol=0, atol=2e-6)
        np.testing.assert_allclose(numbers["h"], FRAMEWORKS[name](arrays), rtol=0, atol=1e-5)


def test_whoever_gets_the_link_gives_the_file_and_sees_the_same(step_page, elsewhere):
    path = good.FOLDER / "torch" / "torch_gru_prefixed.pt"
    step_page.open()
    give(step_page, path)
    choose(step_page, "In front of it", "embed: 20 tokens")
    choose(step_page, "Behind it", "head: 1 output")
    choose(step_page, "Its answer is", "a probability (sigmoid of the output)")
    open_it(step_page, path)
    step_page.sequence.fill("3 1 4 1 5 9 2 6")
    expect(step_page.chips).to_have_count(8)
    step_page.press("Escape", "Home", "ArrowRight", "ArrowRight")
    step_page.at(3, 8, "4")
    step_page.press("w")
    form = step_page.page.get_by_role("group", name="Change the run")
    form.get_by_role("button", name="Silence unit").click()
    told = step_page.page.get_by_role("region", name="What if", exact=True).get_by_role("status")
    expect(told).to_contain_text("held at 0, the answer after the last step is")
    step_page.linked("what", embedding="embed", head="head", kind="probability", step=3)
    step_page.rests()
    link, status, said = step_page.page.url, step_page.status.inner_text(), told.inner_text()

    elsewhere.go(link, figure=False)
    asks = elsewhere.page.get_by_role("alert").filter(has_text="This link is of the model file torch_gru_prefixed.pt")
    for _ in range(2):
        expect(asks).to_be_visible()
        assert elsewhere.page.url == link, "what waits is asked for again after a reload"
        elsewhere.page.reload()
    expect(asks).to_be_visible()
    give(elsewhere, path)
    open_it(elsewhere, path)
    expect(asks).to_have_count(0)
    expect(elsewhere.sequence).to_have_value("3 1 4 1 5 9 2 6")
    expect(elsewhere.status).to_have_text(status)
    expect(elsewhere.page.get_by_role("region", name="What if", exact=True).get_by_role("status")).to_have_text(said)
    elsewhere.linked(**step_page.params())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_menu_on_a_phone(pages, scheme):
    page = pages.new(scheme, width=390, height=2400).open(figure=False)
    give(page, good.FOLDER / "torch" / "torch_gru_prefixed.pt")
    choose(page, "Behind it", "head: 1 output")
    expect(page.page.get_by_role("combobox", name="Its answer is")).to_be_visible()
    assert serious(page) == []
    inside = page.page.get_by_test_id("stPopoverBody").bounding_box()
    assert inside["x"] >= 0
    assert inside["x"] + inside["width"] <= 390
    page.page.locator(".st-key-model-file-upload input[type=file]").set_input_files(good.BAD / "full_module.pt")
    expect(page.page.get_by_role("alert").filter(has_text=re.compile("torch.save"))).to_be_visible()
    assert serious(page) == []
