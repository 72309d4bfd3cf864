"""The Step page in a test: the app from its entry point, without a browser, and what it sends to one."""

import json
import re
from pathlib import Path
from unittest.mock import patch

from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from gruviz.models import entries
from tests.wire import sent_to

APP = Path(__file__).parents[2] / "app.py"
_UNDER = (":small[Read as", ":small[Not read")  # the line under the field
EXAMPLE = "The food was great but the service was terrible."


def page(dark=False, **link):
    """The app, opened with a link."""
    app = AppTest.from_file(str(APP), default_timeout=30)
    for key, value in link.items():
        app.query_params[key] = value
    if dark:
        app.context = {"theme": "dark"}
    return run(app)


class _Named(PagesManager):
    """AppTest forgets between runs that app.py named the pages, and would run pages/step.py alone."""

    def __init__(self, *given, **options):
        PagesManager.uses_pages_directory = False
        super().__init__(*given, **options)


def run(app):
    """Runs the app from its entry point, as the server does."""
    with patch("streamlit.testing.v1.app_test.PagesManager", _Named):
        app.run()
    assert not app.exception, [error.value for error in app.exception]
    return app


def choose(app, key, value):
    """Sets a select, a segmented control, a number, or a text; the model in its section of the menu."""
    app.get_by_key(control_key(app, key, value)).set_value(value)
    return run(app)


def _section(model):
    """The section of the model's menu that it stands in."""
    return entries()[model].task or "untrained" if model in entries() else "own"


def control_key(app, key, value):
    """The control that sets it to this value: the model's menu has one for each of its sections."""
    return model_section(app, _section(value)).key if key == "model" else key


def model_section(app, name):
    """One section of the model's menu."""
    return next(each for each in app.get("button_group") if each.key.startswith(f"model-{name}-"))


def chosen_model(app):
    """The model that is chosen: the one that is marked in the menu."""
    (name,) = [each.value for each in app.get("button_group") if (each.key or "").startswith("model-") and each.value]
    return name


def typed(app, text):
    _field(app).set_value(text)
    return run(app)


def sequence(app):
    return _field(app).value


def _field(app):
    (field,) = [element for element in (*app.text_input, *app.text_area) if element.label == "Sequence"]
    return field


def sent(app):
    """The data that the stepper gets."""
    return sent_to(app, "stepper")


def figure(app):
    (chart,) = app.get("plotly_chart")
    return json.loads(chart.proto.spec)


def picture(app):
    """What is shown of a sequence: the stepper's content and the figure."""
    return sent(app)["id"], sent(app)["labels"], figure(app)


def values(app, key):
    data = sent(app)
    return data["values"][key].reshape(data["steps"], data["units"])


def errors(app):
    return [element.value.replace("\\", "") for element in app.error]


def notices(app):
    return [element.value.replace("\\", "") for element in app.warning]


def labels(app):
    return sent(app)["labels"]


def told(app):
    """What the stepper says of the place that it goes to, beside what it says of the unit by itself."""
    data = sent(app)
    return data["sentences"][data["focus"]["step"] - 1]


def understood(app):
    """The line under the field, without Markdown's escapes."""
    (line,) = [each.value for each in app.markdown if each.value.startswith(_UNDER)]
    return re.sub(r":small\[|\]", "", line.replace("\\[", "").replace("\\]", "").replace("\\", ""))
