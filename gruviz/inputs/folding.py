"""One plain spelling for signs and letters that people, keyboards and programs write in many ways."""

import unicodedata

# In this order: U+2018, 2019, 201B, 02BC, 02BB, 02B9, 02BD, 2032, 0060, 00B4, FF07, A78C
APOSTROPHES = "‘’‛ʼʻʹʽ′`´＇ꞌ"
QUOTES = "“”„‟«»″＂"
DASHES = "‐‑‒–—―−﹘﹣－"
_SIGNS = str.maketrans({
    **dict.fromkeys(APOSTROPHES + "‹›", "'"), **dict.fromkeys(QUOTES, '"'), **dict.fromkeys(DASHES, "-"),
})  # fmt: skip
# letters that Unicode takes for letters of their own, so that no accent can be taken off them
_LETTERS = str.maketrans({
    "ß": "ss", "ẞ": "SS", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th",
    "Þ": "Th", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ħ": "h", "Ħ": "H", "ŧ": "t", "Ŧ": "T", "ŋ": "ng",
    "Ŋ": "Ng", "ı": "i", "ĸ": "k", "ə": "e", "Ə": "E",
})  # fmt: skip


def plain_signs(text: str) -> str:
    """With straight apostrophes and quotation marks, and hyphens for dashes."""
    return text.translate(_SIGNS)


def plain_letters(text: str) -> str:
    """The same without accents: "Müller’s" is "Muller's", "Weiß" is "Weiss"; full-width letters are plain ones.

    What nothing would be left of stays as it is.
    """
    apart = unicodedata.normalize("NFKD", plain_signs(text)).translate(_LETTERS)
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return unicodedata.normalize("NFC", plain_signs(bare)) or text
