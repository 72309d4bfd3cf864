"""A stack of layers run over its inputs as the rules of its cell say, keeping what going back needs.

It works in spans of steps: what is computed for a span stays in the processor's cache, where arrays of a whole run
would be written to memory and read again. Tensors of a run have axes (T, S, 1, H): the 1 is the R of `maps`.
"""

from collections.abc import Sequence

import numpy as np
import torch

from gruviz.cells.rules import activation, argument, combine
from gruviz.common.progress import Progress, reporting
from gruviz.errors import GruvizError
from gruviz.gradients.maps import product
from gruviz.gradients.stack import Stack
from gruviz.signals import CELLS, Affine

SPAN = 32


def spans(steps: int) -> list[slice]:
    """All steps in spans, in order."""
    return [slice(start, min(start + SPAN, steps)) for start in range(0, steps, SPAN)]


@np.errstate(over="ignore", invalid="ignore")  # what overflows is found below, and said in words
def run(stack: Stack, x: torch.Tensor, progress: Progress = None, end: float = 1.0) -> "Run":
    """Runs a stack from a zero state over x (S, T, D); GruvizError where a state stops being a finite number.

    Tells `progress` from 0 to `end`.
    """
    steps = x.shape[1]
    done = Run(stack, steps)
    weights = stack.input.transpose(1, 2)
    for span in reporting(spans(steps), progress, 0.0, end):
        sums = product(x[:, span], weights).add_(stack.input_bias)  # (S, steps, G*H)
        done.extend(span, sums.transpose(0, 1)[:, :, None])
    finite = torch.isfinite(done.states[1:]).flatten(1).all(1)
    if not finite.all():
        raise GruvizError(
            f"The state stops being a finite number at step {int(finite.int().argmin()) + 1} of {steps}: "
            "it grew beyond what float64 can hold. Use smaller weights or fewer steps."
        )
    return done


class Run:
    """A run of T steps.

    states: by part, (T + 1, S, 1, H), the zero state first. values: every other signal, (T, S, 1, H). sums: by block,
    what its activations are taken of, (T, S, 1, H), before sign and shift. products: U h + b of the blocks that a gate
    scales after the product, (T, S, 1, H).
    """

    def __init__(self, stack: Stack, steps: int) -> None:
        self.stack, self.cell = stack, CELLS[stack.cell]
        self.size = len(self.cell.state) * stack.units  # N, the numbers of the state
        self.plain = self.cell.plain_blocks * stack.units  # rows of the blocks that no gate scales
        self.parts = {key: self._room(steps + 1) for key in self.cell.state}
        self.states = self.parts["h"]
        self.values = {signal.key: self._room(steps) for signal in self.cell.signals if signal.key not in self.parts}
        self.all_sums = self._room(steps, len(self.cell.blocks))
        self.sums = self._blocks(self.all_sums)
        scaled = range(self.cell.plain_blocks, len(self.cell.blocks)) if stack.reset_after else ()
        self.products = {block: self._room(steps) for block in scaled}

    def extend(self, span: slice, sums: torch.Tensor) -> None:
        """Runs the steps of a span from sums (steps, S, 1, G*H) = W x_t + b."""
        stack, after = self.stack, self.stack.reset_after
        added = slice(self.plain) if after else slice(None)  # after the product, a gate scales the bias, too
        self.all_sums[span] = sums
        self.all_sums[span][..., added] += stack.recurrent_bias[..., added]
        matrix, bias = stack.recurrent.transpose(1, 2), self._blocks(stack.recurrent_bias)
        to_plain, to_block = matrix[..., : self.plain], self._blocks(matrix)
        plain_sums = self.all_sums[span][..., : self.plain].unbind(0)
        rows = {key: value.unbind(0) for key, value in self.signals(span).items()}
        blocks = [block[span].unbind(0) for block in self.sums]
        products = {block: value[span].unbind(0) for block, value in self.products.items()}
        operations = [
            (signal, signal.rule, activation(signal.rule, stack.activation).value)
            if isinstance(signal.rule, Affine)
            else (signal, None, None)
            for signal in self.cell.operations
        ]
        old = {key: part[span.start] for key, part in self.parts.items()}
        for t, plain in enumerate(plain_sums):
            values = {key: row[t] for key, row in rows.items()}
            plain.add_(product(old["h"], to_plain))
            for signal, rule, act in operations:
                if rule is None or act is None:
                    combine(signal, values, old, out=values[signal.key])
                    continue
                total = blocks[rule.block][t]
                if rule.scaled_by is not None:
                    gate = values[rule.scaled_by]
                    if after:
                        recurrent = products[rule.block][t]
                        torch.add(product(old["h"], to_block[rule.block]), bias[rule.block], out=recurrent)
                        total.addcmul_(gate, recurrent)
                    else:
                        total.add_(product(gate * old["h"], to_block[rule.block]))
                act(argument(rule, total), out=values[signal.key])
            old = {key: values[key] for key in self.parts}

    def old(self, span: slice) -> dict[str, torch.Tensor]:
        """The state one step before each step of a span."""
        return {key: part[span] for key, part in self.parts.items()}

    def signals(self, span: slice) -> dict[str, torch.Tensor]:
        """Every signal at the steps of a span."""
        after = {key: part[span.start + 1 : span.stop + 1] for key, part in self.parts.items()}
        return {**{key: value[span] for key, value in self.values.items()}, **after}

    def argument(self, span: slice, rule: Affine) -> torch.Tensor:
        """What the activation of an affine signal is taken of, at the steps of a span."""
        return argument(rule, self.sums[rule.block][span])

    def _blocks(self, wide: torch.Tensor) -> Sequence[torch.Tensor]:
        """What ends in G*H, cut into the cell's blocks."""
        return wide.split_with_sizes([self.stack.units] * len(self.cell.blocks), -1)

    def _room(self, steps: int, blocks: int = 1) -> torch.Tensor:
        return self.stack.input.new_zeros(steps, self.stack.input.shape[0], 1, blocks * self.stack.units)
