"""Any payload comes out of its bytes as it went in, its arrays as float32 or less."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from gruviz.ui.wire import Focus, as_bytes, placed
from tests.wire import unwired

numbers = st.one_of(
    arrays(np.float32, array_shapes(max_dims=3, max_side=5), elements=st.floats(-1e6, 1e6, width=32)),
    arrays(np.float64, array_shapes(max_dims=3, max_side=5), elements=st.integers(-200, 200).map(float)),
    arrays(np.float64, array_shapes(max_dims=3, max_side=5), elements=st.sampled_from([0.0, 1.0])),
)
plain = st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text(), st.lists(st.text(), max_size=3))


@given(st.dictionaries(st.text(), st.one_of(plain, numbers, st.dictionaries(st.text(), numbers, max_size=3))))
def test_any_payload_comes_out_as_it_went_in(data):
    def same(found, given):
        if isinstance(given, dict):
            assert list(found) == list(given)
            for key, value in given.items():
                same(found[key], value)
        elif isinstance(given, np.ndarray):
            np.testing.assert_array_equal(found, given.ravel())
        else:
            assert found == given

    same(unwired(as_bytes(data)), data)


def test_small_whole_numbers_take_a_byte():
    many = np.arange(-100.0, 100.0)
    assert len(as_bytes({"x": many * 1.5})) - len(as_bytes({"x": many})) >= 3 * many.size - 8


def test_an_input_of_ones_and_zeros_takes_a_bit():
    one_hot = np.eye(40, dtype=np.float32)
    assert len(as_bytes({"x": one_hot})) < one_hot.size / 8 + 60
    np.testing.assert_array_equal(unwired(as_bytes({"x": one_hot}))["x"], one_hot.ravel())


def test_the_id_is_of_the_content_down_to_the_last_bit():
    focus, numbers = Focus("1", 2, 0), np.float32([0.1, 0.2])
    changed = np.array([numbers[0], np.nextafter(numbers[1], np.float32(1))])
    ids = {placed({"x": x}, focus)["id"] for x in (numbers, changed, -numbers, numbers[::-1])}
    assert len(ids) == 4
    elsewhere = placed({"x": numbers}, Focus("2", 3, 1, 5, {"step": "3"}))
    assert elsewhere["id"] == placed({"x": numbers}, focus)["id"]
    assert elsewhere["focus"] == {"id": "2", "step": 3, "unit": 1, "visit": 5, "asked": {"step": "3"}}
