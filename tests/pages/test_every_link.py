"""Every control of the table with an absent, empty, doubled, huge and wrong value in the link."""

from functools import cache

import pytest

from gruviz.ui import fields
from gruviz.ui.field_kinds import Line, Number, OneOf, Several, SomeOf, Text
from tests.pages.opened import Opened, unescaped
from tests.wire import says, sent_to

SCRIPTS = {page.path: f"pages/{title.lower()}.py" for title, page in fields.pages().items()}
ROWS = [(page.path, row) for page in fields.pages().values() for row in page.fields.values()]
STEPPERS = (fields.SIDE, fields.PRESENT)  # controls that are in the stepper, and so in the browser alone
NAMED = pytest.mark.parametrize(("path", "row"), ROWS, ids=lambda each: each if isinstance(each, str) else each.key)


class Link(Opened):
    def __init__(self, path, link):
        self.script = SCRIPTS[path]
        super().__init__(link)

    def screen(self):
        """What its controls say, as the address is to say it; of the stepper's own, what it is told to begin with."""
        asked = (sent_to(self.test, "stepper")["focus"]["asked"] or {}) if self.script == "pages/step.py" else {}
        return says(self.test) | {row.key: [asked[row.key]] for row in STEPPERS if row.key in asked}

    def asked(self):
        """The names of the controls on screen."""
        return list(self.test.session_state["gruviz"].controls.says)

    def label(self, key):
        if key in {"model", *(row.key for row in STEPPERS)}:  # which are no single widget
            return fields.pages()["Step"].fields[key].label
        return unescaped(self.test.get_by_key(key).label)


def needs(path, row):
    page = next(page for page in fields.pages().values() if page.path == path)
    small = {"T": "20", "H": "4", "seeds": "2"} if path == "/gradients" and row.key not in ("T", "H", "seeds") else {}
    return {**small, **page.needs.get(row.key, {})}


@cache
def without(path, needed):
    """The page that a link opens without the control; not to be changed."""
    return Link(path, dict(needed))


def opened(path, row, value):
    return Link(path, {**needs(path, row), row.key: value})


def good(row):
    """A value that is not the default, as a link writes it."""
    if isinstance(row, OneOf):
        return next(name for option, name in row.options.items() if option != row.default)
    if isinstance(row, SomeOf):
        return next(name for option, name in row.options.items() if (option,) != row.default)
    if isinstance(row, Number):
        return row.write(row.low if row.low != row.default else row.high)[0]
    if row.key == "what":
        return "z[0]@1=1"
    return "1" if isinstance(row, Several) else "some text"


def wrong(row):
    yield "<b>[x](y)"
    yield "9" * 5000
    if isinstance(row, Number):
        yield from ("nan", "1e999", "-99999", "2,5", "٣")
        if isinstance(row.default, int):
            yield "2.5"


def about(page, row):
    return [text for text in page.warnings() if text.startswith(f"The link sets “{row.label}”")]


@NAMED
def test_absent_is_the_default_and_needs_no_words(path, row):
    page = without(path, tuple(needs(path, row).items()))
    assert page.warnings() == []
    assert row.key in page.asked(), "the page does not show this control: what the table says it needs is wrong"
    if not isinstance(row, Text):
        assert row.key not in page.screen()


@NAMED
def test_a_good_value_is_kept(path, row):
    page = opened(path, row, good(row))
    assert about(page, row) == []
    assert page.screen().get(row.key) == [good(row)]


@NAMED
def test_empty(path, row):
    page = opened(path, row, "")
    if isinstance(row, Text):
        assert page.screen()[row.key] == [""]
        assert "is empty" in page.errors()[0]
    elif isinstance(row, Several | Line):
        assert page.warnings() == []
    else:
        assert len(about(page, row)) == 1
        assert "to “”; allowed: " in about(page, row)[0]
        assert page.screen() == without(path, tuple(needs(path, row).items())).screen()


@NAMED
def test_wrong_and_huge(path, row):
    if isinstance(row, Text):
        page = opened(path, row, "x" * 100_000)
        assert page.screen()[row.key] == ["x" * 100_000]
        assert len(page.errors()) == 1
        return
    if isinstance(row, Line) and row.read("x" * 100_000) is not None:
        page = opened(path, row, "x" * 100_000)
        assert page.screen()[row.key] == ["x" * 100_000]
        assert len(page.errors()) == 1
        return
    default = without(path, tuple(needs(path, row).items())).screen()
    for value in wrong(row):
        page = opened(path, row, value)
        (notice,) = about(page, row)
        assert f"to “{value[:40]}”; allowed: " in notice
        assert notice.endswith("The default is used instead.")
        assert page.screen() == default
        assert page.errors() == []


@NAMED
def test_doubled(path, row):
    """The last one counts, and that is said; several units of lines are several."""
    if isinstance(row, Several):
        assert opened(path, row, ["1", "1", "0"]).screen()[row.key] == ["1", "0"]
        return
    if isinstance(row, SomeOf):
        first, second = list(row.options.values())[:2]
        assert opened(path, row, [second, first, second]).screen()[row.key] == [first, second]
        assert len(about(opened(path, row, ["zzz", first]), row)) == 1
        return
    page = opened(path, row, ["zzz", good(row)])
    (notice,) = about(page, row)
    assert notice == f"The link sets “{row.label}” 2 times. The last one is used."
    assert page.screen()[row.key] == [good(row)]


@NAMED
def test_whole_numbers_with_a_point(path, row):
    if not isinstance(row, Number):
        return
    number = row.high if row.high != row.default else row.low
    for text in (f"{int(number)}.0", f"{int(number)}."):
        page = opened(path, row, text)
        assert about(page, row) == []
        assert page.screen().get(row.key, []) == row.write(type(row.default)(int(number)))


def test_the_table_lists_every_control():
    """Whatever the pages show, for every option of every control, is a row of it, under the same name."""
    for page in fields.pages().values():
        for row in page.fields.values():
            for name in row.options.values() if isinstance(row, OneOf) else [None]:
                shown = without(
                    page.path, tuple({**needs(page.path, row), **({row.key: name} if name else {})}.items())
                )
                assert set(shown.asked()) <= set(page.fields), f"{row.key}={name}"
                for key in shown.asked():
                    assert shown.label(key) == page.fields[key].label
