"""`python -m gruviz`, or `gruviz`: starts the app in a browser. What follows goes to Streamlit: --server.port 8600."""

import sys
from importlib.util import find_spec

MISSING = "The app needs Streamlit, which is not installed. Install gruviz with it: pip install 'gruviz[app]'"


def main() -> None:
    """Starts the app with the command line's settings on top of gruviz's own."""
    if find_spec("streamlit") is None:
        sys.exit(MISSING)
    from gruviz.ui.start import start

    start(sys.argv[1:])


if __name__ == "__main__":
    main()
