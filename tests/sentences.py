"""Prints every sentence that the product can say, to be read from top to bottom: python -m tests.sentences [FOLDER…].

What is written in the code comes by file, with … for what is computed; then what the pages compute: stories, answers,
claims, cards, gradients. FOLDER limits the files, for example gruviz/ui.
"""

import ast
import re
import sys
from pathlib import Path

from gruviz.comparison.claims import Evidence, claims
from gruviz.comparison.searches import (
    difference_sentence,
    fell_short,
    mattered,
    order_sentence,
    paired_sentence,
    provenance,
    rule,
)
from gruviz.experiment import ExperimentSettings, flows
from gruviz.experiment.sentences import summary
from gruviz.live.run import Run
from gruviz.live.sentences import progress, reason
from gruviz.live.sources import OwnData, source
from gruviz.live.stories import STORIES as LIVE_STORIES
from gruviz.models import entries, load_model, measures
from gruviz.models.results import results
from gruviz.models.studies import studies
from gruviz.reading import read
from gruviz.reading.leave_one_out import leave_one_out
from gruviz.reading.left_out_sentences import left_out_at
from gruviz.reading.sentences import overview
from gruviz.reading.stories import STORIES
from gruviz.reading.what_if import told, untouched
from gruviz.records import parsed
from gruviz.signals import STANDARD

ROOT = Path(__file__).parents[1]
WHERE = ("gruviz", "pages", "app.py")
SENTENCE = re.compile(r"[A-Za-zÀ-ÿ…’]+ [A-Za-zÀ-ÿ…’]+")  # two words
JAVASCRIPT = re.compile(r'`((?:[^`\\]|\\.)*)`|"((?:[^"\\\n]|\\.)*)"')
COMMENT = re.compile(r"^\s*//.*$|/\*.*?\*/", re.MULTILINE | re.DOTALL)
MARKUP = re.compile(r"<[^>]+>")


def written(path):
    """The texts in a file of code: not its docstrings and comments."""
    source = path.read_text(encoding="utf-8")
    texts = _python(source) if path.suffix == ".py" else _javascript(source)
    plain = (" ".join(MARKUP.sub(" ", text).split()) for text in texts)
    return list(dict.fromkeys(text for text in plain if SENTENCE.search(text)))


def files(*folders):
    """The files that hold texts, of these folders or all."""
    for folder in folders or WHERE:
        root = ROOT / folder
        paths = [root] if root.is_file() else sorted(root.rglob("*"))
        yield from (path for path in paths if path.suffix in {".py", ".js"} and "node_modules" not in path.parts)


def said():
    """What the pages compute, by heading."""
    for story in STORIES:
        reading = read(load_model(story.model, dict(story.knobs)), story.sequence)
        yield f"Story “{story.title}”", [story.sentence(reading, story.find(reading))]
    turn = STORIES[0]
    for line in ("z@5-end=1", "h[2]=0;r+=2", "skip@5;read@9=nice;unknown@1", "z+=0"):
        reading = read(load_model(turn.model), turn.sequence, parsed(line))
        yield f"What if {line}", [told(reading, untouched(reading))]
    reading = read(load_model(turn.model), turn.sequence)
    for as_unknown in (False, True):
        without = leave_one_out(reading, as_unknown)
        yield "Each token left out", [left_out_at(reading, without, step) for step in (1, 5, len(without))]
    for name, entry in entries().items():
        model = load_model(name)
        reading = read(model, model.example)
        card = [model.card.summary, *(f"{name}: {text}" for name, text in model.card.facts)]
        yield entry.title, [*card, model.encoder.hint, reading.encoded.read_as, overview(reading)]
    for task in results().values():
        yield f"Claims, {task.title}", [text for each in _claims(task) for text in (each.text, each.evidence)]
    for name, found in studies().items():
        task = results()[name]
        said = [order_sentence(found, task), rule(found), provenance(found), *map(mattered, found.cells.values())]
        said += [text] if (text := fell_short(found, task)) else []
        said += [difference_sentence(row, task) for row in found.order]
        yield f"Search, {task.title}", [*said, *(paired_sentence(row, task) for row in found.tests)]
    yield from _training()
    medians = {cell: flows(ExperimentSettings(), cell).median() for cell in STANDARD}
    yield "Gradients", [summary(medians)]


def _training():
    """Of each story of the Train page: before training, and after some updates."""
    for story in LIVE_STORIES:
        run = Run(story.settings, source(story.settings, OwnData())[0])
        texts = [story.look_for]
        for _ in range(2):
            look = run.look()
            texts += [progress(look, run.source), reason(look)]
            run.step()
        yield f"Training, “{story.title}”", texts


def _claims(task):
    costs, same = measures.costs(task.name)
    return claims(
        Evidence(task, results(), measures.gates(task.name), measures.memory(task.name), costs, same, studies())
    )


def _python(source):
    tree = ast.parse(source)
    hidden = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            hidden.add(node.value)  # a docstring
        if isinstance(node, ast.JoinedStr):
            hidden.update(value for value in ast.walk(node) if value is not node and isinstance(value, ast.Constant))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(value.value if isinstance(value, ast.Constant) else "…" for value in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in hidden:
            yield node.value


def _javascript(source):
    for template, text in JAVASCRIPT.findall(COMMENT.sub("", source)):
        yield re.sub(r"\$\{[^}]*\}", "…", template or text)


def main(*folders):
    """Prints all of it."""
    for path in files(*folders):
        if texts := written(path):
            print(f"\n# {path.relative_to(ROOT)}", *texts, sep="\n")
    if not folders:
        for heading, texts in said():
            print(f"\n# {heading}", *filter(None, texts), sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
