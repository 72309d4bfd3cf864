"""Word vectors from counts alone: words that stand in the same company start close to each other."""

from collections.abc import Sequence

import numpy as np
import torch

from gruviz.records import Array


def cooccurrence_vectors(sentences: Sequence[Sequence[int]], size: int, width: int, window: int = 4) -> Array:
    """Vectors (V, D) of unit standard deviation for words 0 to size - 1; no label is looked at.

    Positive pointwise mutual information of words at most `window` apart, contexts to the power 0.75, cut to
    D dimensions by a singular value decomposition, U S^(1/2): Levy, Goldberg and Dagan, "Improving Distributional
    Similarity with Lessons Learned from Word Embeddings", TACL 2015. Draws from torch's random state.
    """
    counts = np.zeros((size, size), dtype=np.float32)
    for sentence in sentences:
        for i, word in enumerate(sentence):
            for other in sentence[max(0, i - window) : i]:
                counts[word, other] += 1
                counts[other, word] += 1
    of_word = counts.sum(1) / counts.sum()
    of_context = of_word**0.75 / (of_word**0.75).sum()
    chance = np.outer(of_word, of_context)
    ratio = np.divide(counts / counts.sum(), chance, out=np.ones_like(counts), where=chance > 0)
    information = torch.from_numpy(np.log(np.maximum(ratio, 1)))
    u, s, _ = torch.svd_lowrank(information, q=width + 8, niter=6)  # 8 more than kept: the last ones are rough
    vectors: Array = (u[:, :width] * s[:width].sqrt()).numpy()
    vectors /= vectors.std()
    return vectors
