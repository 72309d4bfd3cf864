"""The scores of every test example by the networks that are shipped, without training."""

from safetensors.torch import load_file

from gruviz.models import shipped as files
from gruviz.models.tasks import Task, matched_size
from gruviz.training.example_scores import ExampleScores, gathered
from gruviz.training.loop import Trained
from gruviz.training.network import CELLS, Network


def of_shipped(task: Task) -> ExampleScores:
    """One network per cell; in the place of all seeds where they were trained before their answers were kept."""
    split = task.split()
    tests = {"test": split.test, **split.also}
    scored = {}
    for cell in CELLS:
        network = shipped(task, cell)
        scored[cell] = [{test: network.scores(task, examples) for test, examples in tests.items()}]
    return gathered(scored, [baseline.scores for baseline in task.baselines(split)])


def shipped(task: Task, cell: str) -> Trained:
    """The network that is shipped, as training left it."""
    name = f"{task.name}-{cell}"
    card = files.read_card(name)
    tensors, facts = load_file(files.FOLDER / f"{name}.safetensors"), card["card"]
    settings = matched_size(task.settings, cell, task.outputs)
    vectors, learn = tensors.get("embedding.weight"), task.learn_vectors
    network = Network.drawn(vectors, cell, task.outputs, settings, learn_vectors=learn)
    network.load_state_dict(tensors)
    vocabulary = tuple(card["encoder"].get("vocabulary", ()))
    return Trained(network.eval(), vocabulary, facts["epochs"], facts["seconds"], facts["validation"])
