"""Searches the settings of every cell of a task: `python -m gruviz.training.search adding`.

The same command in another terminal, or with the same --storage on another machine, works on the same trials. What is
interrupted goes on where it stopped. With --finish, once all trials are done, what was chosen is trained from five
seeds, scored on the test part, and written for the pages.
"""

import argparse
import math
from importlib.util import find_spec

from gruviz.errors import GruvizError
from gruviz.models.tasks import TASKS

TRIALS = 40
_NEEDED = ("optuna", "scipy", "sklearn", "tqdm")


def main() -> None:
    """Reads the command line, and searches."""
    parser = argparse.ArgumentParser("python -m gruviz.training.search", description="Search each cell's settings.")
    parser.add_argument("task", choices=sorted(TASKS))
    parser.add_argument("--storage", help="a URL, such as postgresql://user@host/name; a local file without it")
    parser.add_argument("--trials", type=int, default=TRIALS, help=f"of each cell, over all workers ({TRIALS})")
    parser.add_argument("--minutes", type=float, default=math.inf, help="begin no trial after as many")
    parser.add_argument(
        "--grace", type=int, default=60, help="seconds until a silent worker's trial is begun again (60)"
    )
    parser.add_argument(
        "--finish", action="store_true", help="train what was chosen, use the test part, write the study"
    )
    asked = parser.parse_args()
    if asked.trials < 1 or asked.grace < 2 or asked.minutes <= 0:
        parser.error("--trials needs at least 1, --grace at least 2, --minutes more than 0")
    if missing := [module for module in _NEEDED if find_spec(module) is None]:
        parser.error(f"{' and '.join(missing)} must be installed: run pip install -e .[train]")
    from gruviz.training.search.run import finish, search, searching  # here: they need what was just looked for

    try:
        with searching(TASKS[asked.task], asked.storage, asked.grace) as studies:
            done = search(TASKS[asked.task], studies, asked.trials, asked.minutes)
            if done and asked.finish:
                finish(TASKS[asked.task], studies, asked.trials)
    except GruvizError as error:
        parser.error(str(error))
    if not done:
        print("Time is up: the same command goes on from here.")
    elif not asked.finish:
        print(
            "All trials are done. With --finish, what was chosen is trained from five seeds and the study is written."
        )


if __name__ == "__main__":
    main()
