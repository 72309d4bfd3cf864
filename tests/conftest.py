import pytest
import torch


@pytest.fixture(autouse=True, scope="session")
def _one_thread():
    """Two workers share two cores; the threads of small products wait for each other, in oneDNN's LSTM 8 ms a step."""
    torch.set_num_threads(1)
