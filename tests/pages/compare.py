"""The Compare page in a test, by its controls and its tables."""

from xml.etree import ElementTree

from tests.pages.opened import Opened
from tests.wire import sent_to


class ComparePage(Opened):
    script = "pages/compare.py"

    @classmethod
    def after(cls, page):
        """Where another page has led, in the same session."""
        found = cls.__new__(cls)
        found.test = page.test
        return found

    def task(self, name):
        self.test.selectbox(key="task").set_value(name)
        return self.run()

    def type(self, text):
        self.field.set_value(text)
        return self.run()

    @property
    def field(self):
        (field,) = [*self.test.text_input, *self.test.text_area]
        return field

    @property
    def texts(self):
        return [element.value for element in self.test.markdown]

    def elements(self, kind):
        """Those of a class of the page's own HTML."""
        bodies = [element.proto.body for element in self.test.get("html")]
        trees = [ElementTree.fromstring(body) for body in bodies if body.startswith('<div class="')]
        return [each for tree in trees for each in tree.iter() if kind in each.get("class", "").split()]

    def tables(self):
        """The lines of each table, by its name."""
        return {table.get("aria-label"): [["".join(cell.itertext()) for cell in line] for line in table.iter("tr")]
                for table in self.elements("table")}  # fmt: skip

    def table(self, name):
        """The heading of a table without its corner, and its rows, {first cell: the others}."""
        heading, *rows = self.tables()[name]
        return heading[1:], {first: rest for first, *rest in rows}

    def sent(self):
        return sent_to(self.test, "compare")
