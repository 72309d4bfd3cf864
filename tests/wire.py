"""What a component gets, read back by its description alone."""

import json
import struct

import numpy as np


def unwired(sent):
    """The payload with its arrays as numpy reads them; no number in it is nan or infinite."""
    (length,) = struct.unpack_from("<I", sent)
    numbers = sent[4 + length :]

    def placed(found):
        if set(found) != {"type", "at", "count"}:
            return found
        assert found["at"] % 4 == 0
        if found["type"] == "bits":
            octets = np.frombuffer(numbers, "u1", -(-found["count"] // 8), found["at"])
            return np.unpackbits(octets, count=found["count"], bitorder="little")
        return np.frombuffer(numbers, "<" + found["type"], found["count"], found["at"])

    return json.loads(sent[4 : 4 + length], object_hook=placed, parse_constant=_refused)


def _refused(name):
    raise AssertionError(f"{name} is not JSON")


def sent_to(test, component):
    """What a component on a page in a test gets."""
    (found,) = [each for each in test.get("bidi_component") if each.proto.component_name.endswith(component)]
    return unwired(found.proto.bytes)


def says(test):
    """What a page in a test wants the address to say, {name: [texts]}; where the stepper stands is not in it."""
    found = {}
    for name, text in sent_to(test, "address")["params"]:
        found.setdefault(name, []).append(text)
    return found
