"""A large Git repository, the same every time: packages that import each other, tests, helpers, conftests, and a change that breaks some.

Modules are made in an order, and each imports only earlier ones, mostly of its own area: no cycles, and what a change reaches stays of a
realistic size. The head of the change deletes one module, moves one and drops one function, each chosen by how much depends on it.
"""

from __future__ import annotations

import random
import subprocess
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from support.repositories import Repository, create, git_environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_AREAS = 20
_PACKAGES = 25
# Of ten modules, three are tests.
_TESTS = 0.3
_IMPORTS = 8
_FUNCTIONS = 8
# How many modules should depend on the deleted, the moved and the changed module, as a share of all of them.
_REACH = (0.01, 0.003, 0.03)
_WORDS = ("account", "batch", "cursor", "digest", "event", "filter", "gateway", "handle", "index", "job", "key", "ledger", "message", "node", "order", "policy")
_STANDARD = ("asyncio", "collections", "datetime", "functools", "itertools", "json", "logging", "os", "re", "uuid")


@dataclass(frozen=True, slots=True)
class _Import:
    """One import of a drawn module: the index of what is imported, the function that is named, and how it is written."""

    module: int
    function: int
    style: str


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A module that has been drawn: where it stands, its dotted name, and what it imports."""

    path: str
    name: str
    imports: tuple[_Import, ...]


def generate(directory: Path, *, modules: int = 10_000, seed: int = 1) -> Repository:
    """Build a bare repository of `modules` modules in `directory`, on the branches `base`, `head` and `other`, and return it.

    `other` left `base` as `head` did: a module is edited there, and a test imports the module that `head` deletes.
    """
    repository = create(directory, branch="base")
    drawn = _draw(modules, random.Random(seed))
    deleted, moved, changed = _choose(drawn)
    dropped = _most_wanted(drawn, changed)
    with subprocess.Popen(["git", "-C", str(directory), "fast-import", "--quiet"], stdin=subprocess.PIPE, env=git_environment()) as importer:
        assert importer.stdin is not None
        stream = importer.stdin
        _begin(stream, "base", "Ten years of work", minute=0)
        for path, source in _fixed(drawn):
            _file(stream, path, source)
        for index, module in enumerate(drawn):
            _file(stream, module.path, _source(drawn, index))
        _begin(stream, "head", "Tidy up", minute=1, parent="base")
        stream.write(f"D {drawn[deleted].path}\n".encode())
        stream.write(f"R {drawn[moved].path} {drawn[moved].path.removesuffix('.py')}_moved.py\n".encode())
        _file(stream, drawn[changed].path, _source(drawn, changed, without=dropped))
        _begin(stream, "other", "Meanwhile", minute=2, parent="base")
        edited = next(index for index in range(len(drawn)) if index not in (deleted, moved, changed))
        _file(stream, drawn[edited].path, _source(drawn, edited) + "\n\nMEANWHILE = 1\n")
        _file(stream, "tests/test_meanwhile.py", f"import {drawn[deleted].name}\n\n\ndef test_meanwhile():\n    assert {drawn[deleted].name}\n")
    assert importer.returncode == 0
    return repository


def _draw(count: int, dice: random.Random) -> tuple[_Drawn, ...]:
    """Lay out `count` modules: production first, then tests."""
    production = max(1, int(count * (1 - _TESTS)))
    drawn: list[_Drawn] = []
    by_area: list[list[int]] = [[] for _ in range(_AREAS)]
    for index in range(count):
        area = dice.randrange(_AREAS)
        if index < production:
            name = f"acme.area{area:02}.package{dice.randrange(_PACKAGES):02}.{dice.choice(_WORDS)}_{index:05}"
            path = name.replace(".", "/") + ".py"
        else:
            name = f"test_{dice.choice(_WORDS)}_{index:05}"
            path = f"tests/area{area:02}/{name}.py"
        # The older half of an area is what the newer half is built on; a quarter of the imports leave the area.
        near, far = by_area[area], range(min(index, production))
        pool = (
            [dice.choice(near[: len(near) // 2 + 1]) if near and dice.random() < 0.75 else dice.choice(far) for _ in range(dice.randint(2, 2 * _IMPORTS - 2))]
            if far
            else []
        )
        styles = dice.choices(("from", "from-package", "import", "local", "typing"), (12, 2, 2, 2, 1), k=len(pool))
        imports = tuple(_Import(module, dice.randrange(_FUNCTIONS), style) for module, style in zip(dict.fromkeys(pool), styles, strict=False))
        drawn.append(_Drawn(path, name, imports))
        if index < production:
            by_area[area].append(index)
    return tuple(drawn)


def _choose(drawn: tuple[_Drawn, ...]) -> tuple[int, int, int]:
    """Return the indexes of the modules to delete, to move and to change: those whose number of dependents is nearest to the wanted share."""
    dependents = [0] * len(drawn)
    for index in range(len(drawn) - 1, -1, -1):
        for one in drawn[index].imports:
            dependents[one.module] |= dependents[index] | (1 << index)
    production = [index for index, module in enumerate(drawn) if module.path.startswith("acme/") and _named(drawn, index)]
    chosen: list[int] = []
    for share in _REACH:
        wanted = share * len(drawn)
        chosen.append(min((index for index in production if index not in chosen), key=lambda index: (abs(dependents[index].bit_count() - wanted), index)))
    deleted, moved, changed = chosen
    return deleted, moved, changed


def _named(drawn: tuple[_Drawn, ...], index: int) -> list[int]:
    """Return the functions of one module that somebody imports by name at the top of a file."""
    return [one.function for module in drawn[index + 1 :] for one in module.imports if one.module == index and one.style == "from"]


def _most_wanted(drawn: tuple[_Drawn, ...], index: int) -> int:
    """Return the function of one module that most others import."""
    named = _named(drawn, index)
    return max(sorted(set(named)), key=named.count)


def _fixed(drawn: tuple[_Drawn, ...]) -> Iterator[tuple[str, str]]:
    """Return what is no drawn module: packages, settings, conftests and helpers."""
    yield "pyproject.toml", '[project]\nname = "acme"\nversion = "1"\n\n[tool.pytest.ini_options]\ntestpaths = ["tests"]\npythonpath = ["."]\n'
    parents = {parent for module in drawn if module.path.startswith("acme/") for parent in _parents(module.path)}
    for parent in sorted(parents):
        yield f"{parent}/__init__.py", '"""A package."""\n'
    yield "tests/conftest.py", "import pytest\n\nfrom acme.support import sample\n\n\n@pytest.fixture\ndef value():\n    return sample()\n"
    yield "acme/support.py", 'def sample():\n    """Return a value."""\n    return 1\n'
    for area in sorted({module.path.split("/")[1] for module in drawn if module.path.startswith("tests/")}):
        yield f"tests/{area}/conftest.py", f"import pytest\n\nfrom acme.support import sample\n\n\n@pytest.fixture\ndef {area}():\n    return sample()\n"


def _parents(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: end + 1]) for end in range(len(parts))]


def _source(drawn: tuple[_Drawn, ...], index: int, *, without: int | None = None) -> str:
    """Write one module: 100 to 300 lines, its imports where they belong, its functions, and tests when it is one."""
    module = drawn[index]
    dice = random.Random(index)
    test = module.path.startswith("tests/")
    lines = [f'"""{module.name}: what the rest of its package is built on."""', "", "from __future__ import annotations", ""]
    lines += [f"import {name}" for name in sorted(dice.sample(_STANDARD, 3))]
    lines += ["from typing import TYPE_CHECKING", ""]
    local: list[str] = []
    typing: list[str] = []
    for one in module.imports:
        imported = drawn[one.module].name
        package, _, leaf = imported.rpartition(".")
        match one.style:
            case "from":
                lines.append(f"from {imported} import {_function(one.module, one.function)}")
            case "from-package":
                lines.append(f"from {package} import {leaf}")
            case "import":
                lines.append(f"import {imported}")
            case "local":
                local.append(f"    from {imported} import Record as {leaf}_record")
            case _:
                typing.append(f"    from {imported} import Record as {leaf}_type")
    lines += ["", "if TYPE_CHECKING:", *(typing or ["    from collections.abc import Iterable"]), ""]
    lines += [
        "",
        "class Record:",
        f'    """One record of {module.name}."""',
        "",
        "    def __init__(self, key, value=None):",
        "        self.key = key",
        "        self.value = value",
    ]
    for number in range(_FUNCTIONS):
        if number != without:
            lines += _body(_function(index, number), dice, local if number == 0 else [])
    if test:
        for number in range(3):
            lines += ["", "", f"def test_{dice.choice(_WORDS)}_{number}(value):", f"    assert {_function(index, number)}([value], 1) is not None"]
    return "\n".join(lines) + "\n"


def _function(index: int, number: int) -> str:
    return f"{_WORDS[(index + number) % len(_WORDS)]}_{index:05}_{number}"


def _body(name: str, dice: random.Random, first: list[str]) -> list[str]:
    """Write one function of 10 to 35 lines."""
    lines = [
        "",
        "",
        f"def {name}(rows, limit=10, *, strict=False):",
        f'    """Return the {dice.choice(_WORDS)} of every {dice.choice(_WORDS)} in `rows`."""',
        *first,
        "    found = []",
    ]
    word = "row"
    for _ in range(dice.randint(1, 6)):
        word, other = dice.choice(_WORDS), dice.choice(_WORDS)
        lines += [
            "    for position, row in enumerate(rows):",
            f"        # a {word} without a {other} is counted and not kept",
            f'        {word} = {{"{word}": row, "position": position, "{other}": limit}}',
            f'        if strict and {word}["position"] > limit:',
            f'            raise ValueError(f"too many: {{{word}}}")',
        ]
    return [*lines, f"        found.append({word})" if dice.random() < 0.9 else "    del limit", "    return found"]


def _begin(stream: IO[bytes], branch: str, message: str, *, minute: int, parent: str | None = None) -> None:
    """Begin a commit in the stream of `git fast-import`."""
    said = message.encode()
    stream.write(f"commit refs/heads/{branch}\ncommitter A. Author <author@example.invalid> {1757840400 + 60 * minute} +0000\n".encode())
    stream.write(b"data %d\n%s\n" % (len(said), said))
    if parent is not None:
        stream.write(f"from refs/heads/{parent}\n".encode())


def _file(stream: IO[bytes], path: str, source: str) -> None:
    """Put one file into the commit that was begun."""
    content = source.encode()
    stream.write(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(content), content))
