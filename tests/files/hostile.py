"""Large files, made to be read or to do harm, and what it takes to open them.

`python -m tests.files.hostile FOLDER` makes each there, opens it and prints seconds of CPU, the megabytes that it took
at most beyond what was there before, and what came of it.
"""

import io
import json
import pickle
import struct
import subprocess
import sys
import zipfile
from contextlib import contextmanager
from pathlib import Path

import numpy as np

import gruviz

SIZE = 50 * 2**20
SCRIPT = Path(gruviz.__file__).parent / "files" / "foreign.py"

MEASURE = """
import json, resource, sys
import gruviz
from gruviz.errors import GruvizError
gruviz.load_model("latch").trace("0 1")
def megabytes(name):
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(name)) / 1024
def cpu(): return sum(sum(resource.getrusage(w)[:2]) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
for path in sys.stdin:
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")  # the peak counts from here
    now, before = megabytes("VmRSS"), cpu()
    try:
        result = gruviz.open_model(path.strip()).title
    except GruvizError as error:
        result = str(error)
    print(json.dumps({"cpu": cpu() - before, "own": megabytes("VmHWM") - now, "result": result}), flush=True)
"""
MEASURE_CHILD = """
import resource, subprocess, sys
python, script, path = sys.argv[1:]
kind = "onnx" if path.endswith("onnx") else "hdf5"
peaks = []
for name in ("/dev/null", path):  # an empty file: what the imports take
    with open(name, "rb") as file:
        subprocess.run([python, "-I", script, kind], stdin=file, stdout=subprocess.DEVNULL)
    peaks.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
print(peaks[1] - peaks[0])
"""


@contextmanager
def opener():
    """A function from a path to what opening it took: a process that has imported gruviz opens one file after another.

    Seconds of CPU, MB of memory there and in the process that reads for it (0 where none does), and the result.
    """
    with subprocess.Popen(
        [sys.executable, "-c", MEASURE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def opened(path):
            process.stdin.write(f"{path}\n")
            process.stdin.flush()
            result = json.loads(process.stdout.readline()) | {"child": 0.0}
            if path.suffix in (
                ".h5",
                ".onnx",
            ):  # from a small process: a child's peak begins with its parent's
                command = [sys.executable, "-S", "-c", MEASURE_CHILD, sys.executable, str(SCRIPT), str(path)]
                result["child"] = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            return result

        yield opened
        process.stdin.close()


def _gru(rng, features=64, units=64):
    return {
        "rnn.weight_ih_l0": rng.normal(size=(3 * units, features)).astype("f4"),
        "rnn.weight_hh_l0": rng.normal(size=(3 * units, units)).astype("f4") / 8,
        "rnn.bias_ih_l0": np.zeros(3 * units, "f4"),
        "rnn.bias_hh_l0": np.zeros(3 * units, "f4"),
    }


def _large(rng):
    rows = SIZE // (64 * 4) - 200
    return {"embed.weight": rng.normal(size=(rows, 64)).astype("f4"), **_gru(rng)}


def good_safetensors(path):
    from safetensors.numpy import save_file

    save_file(_large(np.random.default_rng(0)), path)


def good_pt(path):
    import torch

    tensors = _large(np.random.default_rng(0))
    torch.save({"model": {name: torch.from_numpy(array) for name, array in tensors.items()}}, path)


def good_half_pt(path):
    """All of the 50 MB one GRU of half precision, as large as a part may be: the widest there is once in float64."""
    import torch

    rows = {
        "weight_ih_l0": torch.zeros(3 * 512, 4600), "weight_hh_l0": torch.zeros(3 * 512, 512),
        "bias_ih_l0": torch.zeros(3 * 512), "bias_hh_l0": torch.zeros(3 * 512),
    }  # fmt: skip
    torch.save({name: tensor.half() for name, tensor in rows.items()}, path)


def good_keras_weights(path):
    import h5py

    rng, tensors = np.random.default_rng(0), _large(np.random.default_rng(0))
    with h5py.File(path, "w") as file:
        file["layers/embedding/vars/0"] = tensors["embed.weight"]
        file["layers/gru/cell/vars/0"] = rng.normal(size=(64, 192)).astype("f4")
        file["layers/gru/cell/vars/1"] = rng.normal(size=(64, 192)).astype("f4") / 8
        file["layers/gru/cell/vars/2"] = np.zeros((2, 192), "f4")


def good_onnx(path):
    import onnx
    from onnx import helper, numpy_helper

    tensors = _large(np.random.default_rng(0))
    give = {
        "table": tensors["embed.weight"],
        "W": tensors["rnn.weight_ih_l0"][None],
        "R": tensors["rnn.weight_hh_l0"][None],
    }
    nodes = [
        helper.make_node("Gather", ["table", "tokens"], ["x"]),
        helper.make_node("GRU", ["x", "W", "R"], ["y"], hidden_size=64, linear_before_reset=1),
    ]
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info("tokens", onnx.TensorProto.INT64, ["T", 1])],
        [helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, None)],
        [numpy_helper.from_array(array, name) for name, array in give.items()],
    )  # fmt: skip
    onnx.save(helper.make_model(graph), path)


def _zip_of(path, entries, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)


def many_operations_pt(path):
    _zip_of(path, {"a/data.pkl": b"\x80\x02" + b"N0" * (15 * 2**20) + b"}."})


def nested_pt(path):
    """Dicts that hold the last one twice, forty deep: 2**40 of them to whoever walks without looking back."""
    inner = {}
    for _ in range(40):
        inner = {"a": inner, "b": inner}
    _zip_of(path, {"a/data.pkl": pickle.dumps(inner, 2)})


def nested_key_pt(path):
    """A tuple of the same kind as a key: 2**60 steps to whoever hashes it."""
    doubled = b"".join(b"0h%ch%c\x86q%c" % (n, n, n + 1) for n in range(60))
    _zip_of(path, {"a/data.pkl": b"\x80\x02})q\x00" + doubled + b"K\x01s."})


def huge_bytearray_pt(path):
    """A bytearray of 10**11 bytes, which torch.load(weights_only=True) would take."""
    _zip_of(
        path, {"a/data.pkl": b"\x80\x02}X\x01\x00\x00\x00ac__builtin__\nbytearray\n\x8a\x06\x00\xe8vH\x17\x00\x85Rs."}
    )


def huge_storage_old_pt(path):
    """The old format, with a storage that says it has 10**12 numbers."""
    import torch

    buffer = io.BytesIO()
    torch.save({"weight_hh_l0": torch.zeros(3, 1)}, buffer, _use_new_zipfile_serialization=False)
    data = buffer.getvalue()
    assert data.count(b"K\x03NtQ") + data.count(b"K\x03Nt") >= 1
    path.write_bytes(data.replace(b"K\x03Nt", b"\x8a\x06\x00\x10\xa5\xd4\xe8\x00Nt", 1))


def wide_view_pt(path):
    """A tensor of 10**10 numbers over a storage of one: a stride of 0."""
    import torch

    torch.save({"weight_hh_l0": torch.zeros(1).expand(10**5, 10**5)}, path)


def many_entries_pt(path):
    """A table of contents with 900,000 entries."""
    name, count = b"a", 900_000
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0) + name
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, len(entry) * count, 4, 0)
    path.write_bytes(b"PK\x03\x04" + entry * count + end)


def deflated_pt(path):
    _zip_of(path, {"a/data.pkl": b"\x80\x02" + b"N0" * (2 * 10**9 // 100) + b"}."}, zipfile.ZIP_DEFLATED)


def bomb_keras(path):
    _zip_of(path, {"config.json": b"[" * (4 * 2**20), "model.weights.h5": b"\0" * SIZE}, zipfile.ZIP_DEFLATED)


def deep_config_keras(path):
    _zip_of(path, {"config.json": b'{"a":' * 10**5, "model.weights.h5": b"x"})


def _header(count):
    rows = (b'"%d":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}' % number for number in range(count))
    header = b"{" + b",".join(rows) + b"}"
    return struct.pack("<Q", len(header)) + header


def long_header_safetensors(path):
    path.write_bytes(_header(900_000))


def full_header_safetensors(path):
    """As many tensors as the header may hold."""
    header = (
        b"{" + b",".join(b'"%d":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}' % n for n in range(66_000)) + b"}"
    )
    path.write_bytes(struct.pack("<Q", len(header)) + header)


def squeezed_weights_h5(path):
    """Zeros that take 1 GB once unpacked."""
    import h5py

    with h5py.File(path, "w") as file:
        zeros = file.create_dataset("layers/gru/cell/vars/0", (2**28,), "f4", chunks=(2**22,), compression="gzip")
        zeros[: 2**22] = 0


def many_groups_h5(path):
    import h5py

    with h5py.File(path, "w") as file:
        for number in range(25_000):
            file.create_group(f"g{number}")


def circle_h5(path):
    import h5py

    with h5py.File(path, "w") as file:
        group = file.create_group("a")
        group["again"] = group


def many_messages_onnx(path):
    """25 million empty nodes in 50 MB."""
    inner = b"\x0a\x00" * (SIZE // 2 - 10)
    size, length = len(inner), b""
    while size > 127:
        length += bytes([size & 127 | 128])
        size >>= 7
    path.write_bytes(b"\x3a" + length + bytes([size]) + inner)


def large_constant_onnx(path):
    from onnx import TensorProto, helper

    tensor = TensorProto(name="W", dims=[10**6, 10**6], data_type=1)
    path.write_bytes(helper.make_model(helper.make_graph([], "g", [], [], [tensor])).SerializeToString())


def doubling_onnx(path):
    """Weights made by joining a constant with itself, forty times."""
    from onnx import helper, numpy_helper

    nodes = [helper.make_node("Concat", [f"c{n}", f"c{n}"], [f"c{n + 1}"], axis=0) for n in range(40)]
    nodes.append(helper.make_node("GRU", ["x", "c40", "c40"], ["y"], hidden_size=4))
    start = numpy_helper.from_array(np.ones((1, 12, 4), "f4"), "c0")
    graph = helper.make_graph(nodes, "g", [], [], [start])
    path.write_bytes(helper.make_model(graph).SerializeToString())


# the endings of what is made, and words of the sentence; "" where the file opens
FILES = {
    good_safetensors: (".safetensors", ""),
    good_pt: (".pt", ""),
    good_half_pt: (".pt", ""),
    good_keras_weights: (".weights.h5", ""),
    good_onnx: (".onnx", ""),
    many_operations_pt: (".pt", "too many objects for a state_dict"),
    nested_pt: (".pt", "holds no weights"),
    nested_key_pt: (".pt", "damaged"),
    huge_bytearray_pt: (".pt", "__builtin__.bytearray"),
    huge_storage_old_pt: (".pt", "damaged"),
    wide_view_pt: (".pt", "more numbers than the file holds"),
    many_entries_pt: (".pt", "table of contents"),
    deflated_pt: (".pt", "once unpacked"),
    bomb_keras: (".keras", "zip bomb"),
    deep_config_keras: (".keras", "does not describe a model"),
    long_header_safetensors: (".safetensors", "header"),
    full_header_safetensors: (".safetensors", "no recurrent weights"),
    squeezed_weights_h5: (".weights.h5", "bytes of numbers"),
    many_groups_h5: (".weights.h5", "groups and arrays"),
    circle_h5: (".weights.h5", "holds itself"),
    many_messages_onnx: (".onnx", ""),
    large_constant_onnx: (".onnx", "bytes of numbers"),
    doubling_onnx: (".onnx", "a way that gruviz does not follow"),
}

if __name__ == "__main__":
    with opener() as opened:
        for make, (ending, _) in FILES.items():
            made = Path(sys.argv[1]) / f"{make.__name__}{ending}"
            make(made)
            row, size = opened(made), made.stat().st_size / 1e6
            took = "{cpu:5.2f} s {own:6.1f} MB own {child:6.1f} MB child  ".format(**row)
            print(f"{make.__name__:26} {size:6.1f} MB  {took}{row['result'][:100]}", flush=True)
            made.unlink()
