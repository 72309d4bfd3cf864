"""Text to words: the one tokenizer of the word-level models, used in training and on the page alike."""

import unicodedata

import regex

from gruviz.inputs.folding import APOSTROPHES, plain_signs

UNKNOWN = "<unk>"
# a word is letters and digits with their marks; anything else is one sign, as a person counts signs (an emoji is one)
_WORD = regex.compile(rf"\w[\w\p{{M}}\u200c]*(?:['{APOSTROPHES}]\w[\w\p{{M}}]*)*|(?!\s)\X")


def split_words(text: str) -> tuple[str, ...]:
    """Words and single punctuation marks, in order, spelled as typed ("don't" is one word)."""
    return tuple(_WORD.findall(unicodedata.normalize("NFC", text)))


def vocabulary_form(word: str) -> str:
    """The spelling under which a word stands in a vocabulary: case folded, straight apostrophes, quotes and dashes."""
    return plain_signs(word).casefold()
