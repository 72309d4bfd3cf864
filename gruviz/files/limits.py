"""How much of a model file gruviz takes in. Checked before memory is taken."""

from gruviz.errors import ModelError

MAX_FILE = 512 * 2**20  # bytes; the app takes less, `server.maxUploadSize` in .streamlit/config.toml
MAX_DIRECTORY = 4 * 2**20  # bytes of a zip's table of contents, or of a safetensors header
MAX_OPERATIONS = 400_000  # of a pickle; a state_dict takes about 60 per tensor
MAX_PARAMETERS = 8_000_000  # in one recurrent part: 64 MB once they are float64
MAX_RATIO = 100  # between an entry of a zip and its compressed form; weights hardly compress
MAX_CONFIG = 4 * 2**20  # bytes of a Keras config.json


def counted_bytes(size: int) -> str:
    """A number of bytes as people read it: "48 bytes", "51.9 kB", "2.1 MB", "1.0 TB"."""
    if size < 1000:
        return f"{size} byte{'s' * (size != 1)}"
    units = ("kB", "MB", "GB", "TB")
    power = next((power for power in range(1, len(units)) if size < 999.95 * 1000**power), len(units))
    return f"{size / 1000**power:,.1f} {units[power - 1]}"


def short(name: object) -> str:
    """A name from a file as it stands in a sentence: 80 characters at most, all of them printable."""
    text = "".join(sign if sign.isprintable() else "�" for sign in str(name)[:81])
    return text if len(text) <= 80 else f"{text[:79]}…"


def check_file(size: int) -> None:
    """ModelError for a file that is empty or larger than any that is read."""
    if size == 0:
        raise ModelError("The file is empty (0 bytes). Save the model again; perhaps the writing or a copy broke off.")
    if size > MAX_FILE:
        raise ModelError(f"The file has {counted_bytes(size)}; at most {counted_bytes(MAX_FILE)} are read.")
