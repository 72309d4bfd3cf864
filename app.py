"""The entry point: `streamlit run app.py`. It only routes to the pages."""

import gc

gc.disable()  # while the imports make half a million objects, all of which stay; `frame` enables it again

from gruviz.ui.frame import frame, navigation  # noqa: E402
from gruviz.ui.turns import turn  # noqa: E402

with turn():
    frame()
    navigation().run()
