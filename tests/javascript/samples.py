"""Writes down what Python sends to the components, for TypeScript to hold against payload.d.ts and for the unit tests.

In `made/`: `payloads.ts`, each payload as a constant of its declared type, and a file of the bytes for each cell.
"""

import json
import struct
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from gruviz.models import list_models, load_model  # noqa: E402
from gruviz.reading import read  # noqa: E402
from gruviz.signals import CELLS, Notation  # noqa: E402
from gruviz.ui.step.payload import StepperData, payload  # noqa: E402
from gruviz.ui.wire import Focus, as_bytes  # noqa: E402
from tests.browser.apps.traces import make_trace  # noqa: E402
from tests.pages.opened import Opened  # noqa: E402
from tests.pages.taken import files_taken  # noqa: E402
from tests.pages.train import TrainPage  # noqa: E402

MADE = HERE / "made"
NOTATIONS = [Notation(symbols, one) for symbols in ("pytorch", "cho", "ng") for one in ("keep", "write")]
TYPES = {  # by component
    "stepper": "StepPayload",
    "compare": "ComparePayload",
    "address": "AddressPayload",
    "figures": "FiguresPayload",
    "pictures": "PicturesPayload",
    "train": "TrainPayload",
}


def page(script: str, **link: str) -> Opened:
    """A page as it opens."""
    return type("Page", (Opened,), {"script": f"pages/{script}.py"})(link)


def text(sent: bytes) -> str:
    """The JSON of a payload's bytes."""
    (length,) = struct.unpack_from("<I", sent)
    return json.dumps(json.loads(sent[4 : 4 + length]))


def numbers() -> dict[str, list[float]]:
    """Arrays of every type and of lengths that need padding."""
    random = np.random.default_rng(0)
    drawn = {f"f4, {size}": random.standard_normal(size).astype(np.float32).tolist() for size in (1, 2, 7)}
    drawn |= {f"i1, {size}": random.integers(-128 + 1, 128, size).astype(float).tolist() for size in (2, 3, 5, 9)}
    return drawn | {f"bits, {size}": random.integers(0, 2, size).astype(float).tolist() for size in (1, 8, 9, 21)}


def main() -> None:
    """Cells in all notations, every model's example, and whatever the pages send as they open."""
    MADE.mkdir(exist_ok=True)
    given = numbers()
    (MADE / "wire.json").write_text(json.dumps(given))
    (MADE / "wire.bin").write_bytes(
        as_bytes({"text": "ĥ “👩🏽‍🚀”", "arrays": {k: np.array(v) for k, v in given.items()}})
    )
    found = list[tuple[str, bytes]]()
    for cell in CELLS:
        for notation in NOTATIONS:
            trace = make_trace(cell, 3, 4)
            sent = as_bytes(payload(StepperData(trace, (True,) * len(trace)), notation, Focus("1", 1, 0)))
            (MADE / f"{cell}-{notation.symbols}-{notation.one_means}.bin").write_bytes(sent)
            found.append(("stepper", sent))
    for name in list_models():
        model = load_model(name)
        found.append(
            ("stepper", as_bytes(payload(StepperData.of(read(model, model.example)), Notation(), Focus("1", 1, 0))))
        )
    with files_taken():  # menus are open: what is in them is sent, too
        opened = [page(script) for script in ("step", "compare", "gradients", "train")]
        opened.append(page("step", what="z@2-3=1;r[0]+=0.5;skip@4;read@2=b"))
        trained = TrainPage().press("One update")
        trained.train_run.pause()
    for each in (part for shown in (*opened, trained) for part in shown.test.get("bidi_component")):
        found.append((each.proto.component_name.split(".")[-1], each.proto.bytes))
    missing = TYPES.keys() - {component for component, _ in found}
    assert not missing, f"no page sends anything to {missing}"
    lines = [f'import type {{ {", ".join(TYPES.values())} }} from "../../../gruviz/ui/browser/common/payload.d.ts"']
    lines += [f"export const sent{i}: {TYPES[component]} = {text(sent)}" for i, (component, sent) in enumerate(found)]
    (MADE / "payloads.ts").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
