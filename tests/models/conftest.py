import pytest

from gruviz.models import registry, shipped


def forget():
    """What the registry remembers of the models that there are."""
    for remembered in (registry.by_task, registry.entries, registry._load):
        remembered.cache_clear()


@pytest.fixture
def weights_folder(tmp_path, monkeypatch):
    """An empty folder in place of the package's own, with nothing remembered before or after."""
    monkeypatch.setattr(shipped, "FOLDER", tmp_path)
    forget()
    yield tmp_path
    forget()
