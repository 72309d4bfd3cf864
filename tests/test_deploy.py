"""The ways to host gruviz agree with each other and with what is written about them."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
GUIDE = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
START = (DEPLOY / "start").read_text(encoding="utf-8")
BALANCER = (DEPLOY / "haproxy.cfg").read_text(encoding="utf-8")
SERVICE = (DEPLOY / "gruviz@.service").read_text(encoding="utf-8")
CONTAINER = (DEPLOY / "Containerfile").read_text(encoding="utf-8")


def test_the_balancer_looks_where_the_processes_listen():
    ports = dict(re.findall(r"presetenv GRUVIZ_P(\d) 127\.0\.0\.1:(\d+)", BALANCER))
    first = int(re.search(r"GRUVIZ_FIRST:-(\d+)", START)[1])
    service = re.search(r"--server\.port=(\d+)%i", SERVICE)[1]
    assert ports == {str(number): str(first + number - 1) for number in range(1, 9)}
    assert ports == {str(number): f"{service}{number}" for number in range(1, 9)}
    assert re.findall(r'server (p\d) "\$\{GRUVIZ_P(\d)\}" cookie (p\d)', BALANCER) == [
        (f"p{number}", str(number), f"p{number}") for number in range(1, 9)
    ]


def test_everyone_comes_to_the_same_port():
    port = re.search(r"GRUVIZ_PORT:-(\d+)", START)[1]
    assert f"presetenv GRUVIZ_PORT {port}\n" in BALANCER
    assert f"EXPOSE {port}\n" in CONTAINER
    assert f":{port}\n" in GUIDE or f":{port}`" in GUIDE
    assert f"-p {port}:{port}" in GUIDE


def test_every_variable_of_the_start_is_in_the_guide():
    read = set(re.findall(r"\$\{([A-Z_]+):-", START))
    assert read == set(re.findall(r"^\| `([A-Z_]+)` \|", GUIDE, re.MULTILINE))


def test_a_container_gets_all_that_the_app_is_made_of():
    copied = {name for line in re.findall(r"^COPY (.+)$", CONTAINER, re.MULTILINE) for name in shlex.split(line)[:-1]}
    assert {name for name in copied if not (ROOT / name).exists()} == set()
    assert copied >= {"app.py", "pages", "gruviz", "deploy", ".streamlit", "pyproject.toml", "requirements.txt"}


def test_a_start_that_bash_can_read():
    assert (DEPLOY / "start").stat().st_mode & 0o111
    subprocess.run([shutil.which("bash"), "-n", DEPLOY / "start"], check=True)
