import pytest

from gruviz.models import registry, trained


@pytest.fixture
def weights_folder(tmp_path, monkeypatch):
    """An empty folder in place of the package's own, with nothing remembered before or after."""
    monkeypatch.setattr(trained, "FOLDER", tmp_path)
    registry.entries.cache_clear()
    registry._load.cache_clear()
    yield tmp_path
    registry.entries.cache_clear()
    registry._load.cache_clear()
