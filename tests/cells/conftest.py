import pytest
import torch


@pytest.fixture(autouse=True, scope="package")
def _one_thread():
    """With two threads oneDNN's float32 LSTM takes some 8 ms a step, hundreds of times as long as with one."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
