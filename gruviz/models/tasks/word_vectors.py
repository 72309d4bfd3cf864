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
    words = np.array([word for sentence in sentences for word in sentence])
    which = np.repeat(np.arange(len(sentences)), [len(sentence) for sentence in sentences])
    pairs = [words[:0]]
    for distance in range(1, window + 1):
        together = which[distance:] == which[:-distance]
        one, other = words[distance:][together], words[:-distance][together]
        pairs += [one * size + other, other * size + one]
    cells, times = np.unique(np.concatenate(pairs), return_counts=True)
    rows, columns = cells // size, cells % size
    of_word = np.bincount(rows, times, size) / times.sum()
    of_context = of_word**0.75 / (of_word**0.75).sum()
    told = np.log(np.maximum(times / times.sum() / (of_word[rows] * of_context[columns]), 1))
    kept = told > 0
    information = torch.sparse_coo_tensor(
        torch.from_numpy(np.stack([rows, columns])[:, kept]),
        torch.from_numpy(told[kept].astype(np.float32)), (size, size), check_invariants=False, is_coalesced=True,
    )  # fmt: skip
    u, s, _ = torch.svd_lowrank(information, q=width + 8, niter=6)  # 8 more than kept: the last ones are rough
    vectors: Array = (u[:, :width] * s[:width].sqrt()).numpy()
    vectors /= vectors.std()
    return vectors
