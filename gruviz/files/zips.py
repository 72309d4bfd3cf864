"""Zip archives in memory, looked at before anything is unpacked."""

import io
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath

from gruviz.errors import ModelError
from gruviz.files.limits import MAX_DIRECTORY, MAX_RATIO, counted_bytes, short

_END = struct.Struct("<4s4H2LH")  # end of central directory
_LOCAL = struct.Struct("<4s5H3L2H")
_ENCRYPTED = 0x1


@contextmanager
def opened(data: memoryview, what: str) -> Iterator[zipfile.ZipFile]:
    """The archive, with its table of contents checked. ModelError for one that is damaged or points outside.

    `what` names the file in sentences: "PyTorch file".
    """
    _check_directory(data, what)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, struct.error, OSError, NotImplementedError, EOFError) as error:
        raise ModelError(f"This {what} is damaged: {_told(error)}. Save or copy it again.") from None
    with archive:
        for entry in archive.infolist():
            _check_name(entry.filename, what)
            if entry.flag_bits & _ENCRYPTED:
                raise ModelError(f"This {what} is encrypted; gruviz reads files without a password.")
        yield archive


def entry_bytes(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int, what: str) -> bytes:
    """An entry, unpacked: refused on its declared size or ratio before anything is, and never more than declared."""
    if entry.file_size > limit:
        raise ModelError(
            f"{short(entry.filename)} in this {what} says it has {counted_bytes(entry.file_size)} once unpacked; at "
            f"most {counted_bytes(limit)} are read."
        )
    if entry.file_size > MAX_RATIO * max(1, entry.compress_size):
        raise ModelError(
            f"{short(entry.filename)} in this {what} unpacks {counted_bytes(entry.compress_size)} to "
            f"{counted_bytes(entry.file_size)}, more than {MAX_RATIO} times as much: this is not a file of weights but "
            "what is known as a zip bomb."
        )
    try:
        with archive.open(entry) as file:
            return file.read(entry.file_size)
    except (zipfile.BadZipFile, ValueError, struct.error, OSError, NotImplementedError, EOFError) as error:
        raise ModelError(f"{short(entry.filename)} in this {what} is damaged: {_told(error)}.") from None
    except Exception as error:  # zlib.error, lzma.LZMAError: each compression has one of its own
        raise ModelError(f"{short(entry.filename)} in this {what} can't be unpacked: {_told(error)}.") from None


def stored(data: memoryview, entry: zipfile.ZipInfo, what: str) -> memoryview:
    """The bytes of an entry that is not compressed, as a view into the file."""
    if entry.compress_type != zipfile.ZIP_STORED:
        raise ModelError(
            f"{short(entry.filename)} in this {what} is compressed, which PyTorch never does. Save it again."
        )
    start = entry.header_offset
    if not 0 <= start <= len(data) - _LOCAL.size:
        raise ModelError(f"This {what} is damaged: {short(entry.filename)} lies outside of it.")
    signature, *_, name, extra = _LOCAL.unpack_from(data, start)
    first = start + _LOCAL.size + name + extra
    if signature != b"PK\x03\x04" or first + entry.file_size > len(data):
        raise ModelError(f"This {what} is damaged: {short(entry.filename)} lies outside of it.")
    return data[first : first + entry.file_size]


def _check_directory(data: memoryview, what: str) -> None:
    """A table of contents takes more memory than its bytes, so it is bounded before it is read."""
    tail = bytes(data[-(2**16 + _END.size) :])
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < _END.size:
        raise ModelError(
            f"This {what} breaks off: the table of contents, which ends it, is missing. It was not written or copied "
            "to the end; save or copy it again."
        )
    *_, size, _, _ = _END.unpack_from(tail, place)
    start = len(data) - len(tail) + place
    wide = bytes(data[max(0, start - 76) : max(0, start - 20)])  # the end record of a zip64 archive
    if size == 0xFFFFFFFF and wide[:4] == b"PK\x06\x06" and len(wide) == 56:
        size = struct.unpack_from("<Q", wide, 40)[0]
    if size > MAX_DIRECTORY:
        raise ModelError(
            f"The table of contents of this {what} has {counted_bytes(size)}; at most {counted_bytes(MAX_DIRECTORY)} "
            "are read. A model file has a few hundred entries at most."
        )


def _check_name(name: str, what: str) -> None:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in name.partition("/")[0]:
        raise ModelError(
            f"This {what} holds an entry called “{short(name)}”, a path that leads out of it. No model is saved like "
            "that: it may come from someone who wants a file of yours overwritten. None of it was written."
        )


def _told(error: Exception) -> str:
    return (str(error) or type(error).__name__).rstrip(".")[:120]
