"""Text to words: the one tokenizer of the word-level models, used in training and on the page alike."""

import re
import unicodedata

UNKNOWN = "<unk>"
_WORD = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")


def split_words(text: str) -> tuple[str, ...]:
    """Words and single punctuation marks, in order, spelled as typed ("don't" is one word)."""
    return tuple(_WORD.findall(unicodedata.normalize("NFC", text)))


def vocabulary_form(word: str) -> str:
    """The spelling under which a word stands in a vocabulary: case folded, straight apostrophe."""
    return word.casefold().replace("’", "'")
