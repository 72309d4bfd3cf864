"""The search's command on a task that is over in a moment: `python -m tests.training.search.tiny`, as a worker."""

import sys
import time
from dataclasses import replace

from gruviz.models.tasks import TASKS, Split


class Tiny(type(TASKS["sunspots"])):
    """Sunspots from a few windows; as slow as it is told, so that it can be killed in the middle."""

    settings = replace(TASKS["sunspots"].settings, hidden=4, epochs=4, patience=4)
    pause = 0.0

    def split(self):
        whole = super().split()
        return Split(0, whole.train[::60], whole.validation[::2], whole.test)

    def loss(self, logits, lengths, targets):
        time.sleep(self.pause)
        return super().loss(logits, lengths, targets)


if __name__ == "__main__":
    from gruviz.training.search.__main__ import main

    task = Tiny()
    task.pause = float(sys.argv.pop(1))
    TASKS["sunspots"] = task  # in this process alone
    main()
