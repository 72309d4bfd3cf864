"""A page in a test that a link names: the app from its entry point, without a browser."""

import json
import re
from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]


class Opened:
    """A page, opened with a link or in the middle of a session."""

    script = ""  # of the page

    def __init__(self, link=(), state=(), dark=False):
        self.test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        self.test.switch_page(self.script)
        for name, value in dict(link).items():
            self.test.query_params[name] = value
        for name, value in dict(state).items():
            self.test.session_state[name] = value
        if dark:
            self.test.context = {"theme": "dark"}
        self.run()

    def run(self):
        self.test.run()
        assert [each.message for each in self.test.exception] == []
        return self

    def errors(self):
        return [unescaped(each.value) for each in self.test.error]

    def warnings(self):
        return [unescaped(each.value) for each in self.test.warning]

    def figures(self):
        return [json.loads(chart.proto.spec) for chart in self.test.get("plotly_chart")]


def unescaped(text):
    return re.sub(r"\\(.)", r"\1", text)
