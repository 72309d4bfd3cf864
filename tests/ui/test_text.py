"""Text in Markdown stays text: compared with what a CommonMark parser makes of it."""

import re

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from gruviz.ui.text import JOINER, escape_markdown

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "![a](http://b/c.png)",
    "`code`",
    "**bold**", "_em_", "~~gone~~", "# heading", "- item", "+ item", "* item", "1. item", "1) item", "> quote",
    "| a | b |",
    "$x^2$", "$$x$$", ":red[x]", ":material/home:", ":smile:", "\\", "\\*", "<http://a.b>", "```", "---", "***", "a  ",
    "<!-- -->", "[a]: b", "a\\", "{x}", "&lt;b&gt;", "&copy;", "&#60;", "=", "===",
]  # fmt: skip
SPECIAL = re.compile(r"(?<!\\)(?:\\\\)*[`*_{}\[\]()<>#+\-.!|~$:]")
characters = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"])


def shown(text):
    """The visible text of Markdown, and the kinds of elements in it."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    texts, kinds = [], set()
    for block in parser.parse(text):
        kinds.add(block.type)
        for token in block.children or []:
            kinds.add(token.type)
            texts.append(token.content if token.type.startswith("text") else "\n")
    return "".join(texts), kinds


def assert_literal(text):
    seen, kinds = shown(f"It reads “{escape_markdown(text)}”, as typed.")
    assert kinds <= {"paragraph_open", "inline", "text", "text_special", "paragraph_close"}
    assert seen.replace(JOINER, "") == f"It reads “{named(text)}”, as typed.".replace(JOINER, "")


def named(text):
    """With the code points of what Unicode lists as Bidi_Control."""
    return regex.sub(r"\p{Bidi_Control}", lambda sign: f"U+{ord(sign[0]):04X}", text)


def test_what_turns_a_sentence_around_is_told_by_its_code_point():
    assert escape_markdown("“\u202eNaN” at 2").replace("\\", "") == "“U+202ENaN” at 2"
    every = "".join(map(chr, range(0x110000)))
    assert len(regex.findall(r"\p{Bidi_Control}", every)) == 12
    assert not regex.search(r"\p{Bidi_Control}", escape_markdown("".join(regex.findall(r"\p{Bidi_Control}", every))))


@pytest.mark.parametrize("text", HOSTILE)
def test_what_would_be_markup_is_shown(text):
    assert_literal(text)


@settings(deadline=None, max_examples=300, derandomize=True)
@given(st.text(characters, max_size=30) | st.text("&;<>#lgtamp=x*_`[]()!\\:$~|", max_size=12))
@example("&amp;")
def test_any_word_is_shown_as_it_is(text):
    assert_literal(text)


@settings(deadline=None, max_examples=200, derandomize=True)
@given(st.text(max_size=40))
def test_no_special_character_is_left_bare_and_nothing_else_is_touched(text):
    escaped = escape_markdown(text)
    assert not SPECIAL.search(re.sub(r"\\[\\`*_{}\[\]()<>#+\-.!|~$:&=^@]", "", escaped))
    assert re.sub(r"\\([^\w\s]|_)", r"\1", escaped).replace(JOINER, "") == named(text).replace(JOINER, "")


@pytest.mark.parametrize(
    "text", ["# x", "1. x", "- x", "> x", "```", "x\n===\ny", "x\n---", "a\n\n# b", "| a |\n| - |"]
)
def test_a_whole_message_is_one_plain_paragraph_or_several(text):
    """Even where a link smuggled a line break into it."""
    _, kinds = shown(escape_markdown(text))
    assert kinds <= {"paragraph_open", "inline", "text", "text_special", "paragraph_close", "softbreak"}


@pytest.mark.parametrize("text", ["", "plain words", "שלום", "😀", "don’t “quote” – dash"])
def test_harmless_text_is_left_alone(text):
    assert escape_markdown(text) == text


@pytest.mark.parametrize(
    "text", ["http://evil.com", "www.evil.com", "WWW.evil.com", "a@evil.com", "ftp://a", "mailto:a"]
)
def test_addresses_are_cut_by_an_invisible_joiner_so_that_they_are_no_links(text):
    assert JOINER in escape_markdown(text)
    assert "://" not in escape_markdown(text).replace("\\", "")


@pytest.mark.parametrize("text", [":material/home:", ":smile:", ":red[x]", "<-", "->", "--", "<->"])
def test_icons_and_arrows_stay_what_was_typed(text):
    assert JOINER in escape_markdown(text)
