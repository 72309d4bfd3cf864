"""`python -m tests.benchmarks [PATH]`: measures, prints a table, and writes it as JSON (build/benchmarks.json)."""

import json
import os
import platform
import sys
from pathlib import Path

from tests.benchmarks import crowd, gradient_flow, gradients_page, models, search, step_page, trainers

MODULES = (
    step_page,
    gradient_flow,
    gradients_page,
    models,
    trainers,
    search,
    crowd,
)  # each has rows(): what, value, target, unit


def main():
    path = Path(sys.argv[1] if len(sys.argv) > 1 else "build/benchmarks.json")
    rows = [row for module in MODULES for row in module.rows()]
    width = max(len(row["what"]) for row in rows)
    for row in rows:
        print(f"{row['what']:{width}}  {row['value']:10.3f} {row['unit']:3} {row['target']}")
    path.parent.mkdir(parents=True, exist_ok=True)
    about = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
    path.write_text(json.dumps({"about": about, "rows": rows}, indent=1) + "\n", encoding="utf-8")
    print(f"Written to {path}")


if __name__ == "__main__":
    main()
