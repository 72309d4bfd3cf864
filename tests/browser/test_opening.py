"""What a person finds before doing anything, and what gruviz finds in Streamlit."""

from playwright.sync_api import expect

from gruviz.models import load_model
from gruviz.reading import read
from gruviz.reading.stories import STORIES


def test_opens_on_a_finished_example(step_page):
    story = STORIES[0]
    reading = read(load_model(story.model), story.sequence)
    step, unit = story.find(reading)

    step_page.open()

    step_page.at(step, len(reading.trace), reading.trace.tokens[step - 1])
    expect(step_page.sequence).to_have_value(story.sequence)
    expect(step_page.model).to_contain_text(reading.model.title)
    expect(step_page.unit).to_have_value(str(unit))
    expect(step_page.slider).to_have_value(str(step))
    expect(step_page.chips).to_have_text(list(reading.trace.tokens))
    for name in ("First step", "Previous step", "Play", "Next step", "Last step", "Next operation"):
        expect(step_page.button(name)).to_be_visible()
    expect(step_page.heading).to_have_text(f"Unit {unit} at step {step}: “{reading.trace.tokens[step - 1]}”")
    step_page.cursor(step)


def test_plotly_is_where_the_stepper_looks_for_it(step_page):
    step_page.open()
    found = step_page.page.evaluate("typeof window.Plotly?.relayout")
    assert found == "function", (
        "Streamlit no longer leaves Plotly at window.Plotly, which it never promised. The figures' cursor now moves "
        "only when the server draws. See gruviz/ui/browser/common/figure_cursor.js: find where this Streamlit keeps "
        "Plotly, or draw the cursor as an element of our own over the figure."
    )
