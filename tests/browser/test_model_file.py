"""“Open a file…” in a browser: a file of each format goes from the disk to the stepper."""

import pytest
from playwright.sync_api import expect

from tests.files import good


@pytest.mark.parametrize(
    "name", ["torch/torch_gru_L1_uni.pt", "keras/keras_gru_ra1.keras", "onnx/onnx_gru_lbr1_fwd.onnx"]
)
def test_a_file_opens(step_page, name):
    path = good.FOLDER / name
    step_page.open()
    page = step_page.page
    step_page.button("Open a file…").click()
    page.locator(".st-key-model-file-upload input[type=file]").set_input_files(path)
    step_page.button("Open it").click()
    expect(step_page.sequence).to_be_visible()
    page.wait_for_function("name => new URL(location).searchParams.get('model')?.startsWith(name)", arg=path.name)
    expect(step_page.button("Open it")).to_have_count(0)  # the menu has closed
    expect(step_page.sequence).to_have_value(good.Opening(path).model().example)
    step_page.sequence.fill("0 1 0\n1 0 0.5" if good.Opening(path).model().encoder.features == 3 else "0 1")
    step_page.rests()
