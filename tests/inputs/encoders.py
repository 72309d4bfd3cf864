"""Encoders of each kind with small vocabularies, and texts that are hard to read."""

import numpy as np

from gruviz.inputs import NumberEncoder, TokenEncoder

WORDS = ("<unk>", "the", "food", "was", "great", "don't", ".", "café", "\N{HEBREW LETTER SHIN}לום")
CHARACTERS = ("<unk>", *"abcdefghijklmnopqrstuvwxyz", " ", "é")
SYMBOLS = ("0", "1", "?")


def words():
    return TokenEncoder("words", WORDS, np.eye(len(WORDS)), "Any text.")


def characters():
    return TokenEncoder("characters", CHARACTERS, np.eye(len(CHARACTERS)), "Any text.")


def symbols():
    return TokenEncoder("symbols", SYMBOLS, np.eye(len(SYMBOLS)), "Symbols separated by spaces.")


ALL = {
    "words": words(),
    "characters": characters(),
    "symbols": symbols(),
    "numbers": NumberEncoder(),
    "columns": NumberEncoder(3),
}
GOOD = {"words": "food", "characters": "a", "symbols": "0", "numbers": "1", "columns": "1 2 3"}
"""One step of each."""

FAMILY = "👨‍👩‍👧‍👦"
FLAG = "🇩🇪"
SKIN = "👍🏽"
HEART = "❤️"
RTL = ("שָׁלוֹם", "مُحَمَّد")
