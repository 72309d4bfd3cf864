"""Files that a page offers, as a person gets them, by what the menu calls them."""

from contextlib import contextmanager
from unittest.mock import patch

import streamlit


@contextmanager
def files_taken():
    """Within the block: {title: (name, content)} of the last run, made when they are looked up."""
    taken, original, popover = Files(), streamlit.download_button, streamlit.popover

    def keep(label, data, file_name, *rest, **options):
        taken.offered[label] = (file_name, data)
        return original(label, data, file_name, *rest, **options)

    def opened(*arguments, **options):
        menu = popover(*arguments, **options)
        menu.open = True
        return menu

    with patch.object(streamlit, "download_button", keep), patch.object(streamlit, "popover", opened):
        yield taken


class Files:
    def __init__(self):
        self.offered = {}

    def __getitem__(self, title):
        return self.offered[title][1]()

    def name(self, title):
        return self.offered[title][0]

    def titles(self):
        return list(self.offered)
