"""The Train page in a test, by its controls."""

from gruviz.ui.train.knobs import CHOOSERS, TASK
from tests.pages.opened import Opened, unescaped
from tests.wire import sent_to


class TrainPage(Opened):
    script = "pages/train.py"

    @property
    def mine(self):
        return self.test.session_state["gruviz"]

    @property
    def train_run(self):
        return self.mine.run

    def sentence(self):
        return next(text for each in self.test.markdown if (text := unescaped(each.value)).startswith(
            ("Nothing is", "The ", "Waiting")))  # fmt: skip

    def picture(self):
        return sent_to(self.test, "train")

    def press(self, name):
        next(button for button in self.test.button if button.label == name).click()
        return self.run()

    def choose(self, task):
        self.test.selectbox(key=TASK.key).set_value(task)
        return self.run()

    def start_at(self, setting, name):
        self.test.selectbox(key=CHOOSERS[setting].key).set_value(name)
        return self.run()

    def paste(self, text, which="texts"):
        self.test.text_area(key=f"own-{which}").set_value(text)
        return self.run()
