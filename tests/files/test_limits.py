"""What the largest and the worst files take: at most 200 MB and 5 s of CPU."""

import pytest

from tests.files import hostile


@pytest.fixture(scope="module")
def opened():
    with hostile.opener() as function:
        yield function


@pytest.mark.parametrize("make", hostile.FILES, ids=lambda make: make.__name__)
def test_memory_and_time(opened, make, tmp_path):
    ending, sentence = hostile.FILES[make]
    path = tmp_path / f"{make.__name__}{ending}"
    make(path)
    took = opened(path)
    path.unlink()
    assert took["own"] <= 200
    assert took["child"] <= 200
    assert took["cpu"] <= 5
    if make.__name__.startswith("good"):
        assert took["result"] == path.name
    else:
        assert sentence in took["result"]
        assert took["result"] != path.name
