"""What packaging metadata says of a project: where its packages lie, what it depends on, which Python it wants.

Read from `pyproject.toml` (PEP 621, PEP 735 and the tables of the build backends), `setup.cfg`, `setup.py` (from its syntax tree), `Pipfile`, requirements
files and `.python-version`. Every reader returns what it found and why it could not read the rest; none raises.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from impact.discovery.documents import Table, decode, read_ini, read_toml, strings, table
from impact.discovery.static_paths import Evaluator, parse_python
from impact.names import RepoPath, basename_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# A project's metadata files, requirements files apart (`is_requirements`).
METADATA_FILES = frozenset({"pyproject.toml", "setup.cfg", "setup.py", "Pipfile", ".python-version"})


@dataclass(frozen=True, slots=True)
class Metadata:
    """What one file says. `package_directories` are as written, relative to the file, each with what says so; names are normalised (PEP 503).

    `installable`: the file describes something that an installation would put on `sys.path` for everybody.
    """

    package_directories: tuple[tuple[str, str], ...] = ()
    installable: bool = False
    distribution: str | None = None
    dependencies: frozenset[str] = frozenset()
    requires_python: str | None = None


Answer = tuple[Metadata, str | None]

# A requirement is a name and then nothing but extras, versions, a marker, a URL or a comment; prose in a text file is none.
_NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\]\s*)?(?=$|[(<>=!~;@#\\]|--)")
_REQUIREMENTS = re.compile(r"(?:^|.*[-_.])requirements(?:[-_.].*)?\.txt")
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9._-]+)")


def read_metadata(name: str, data: bytes) -> Answer:
    """Return what a file says, told by its base name what it is. A name that is none of ours says nothing."""
    if name == "pyproject.toml":
        return _read_pyproject(data)
    if name == "setup.cfg":
        return _read_setup_cfg(data)
    if name == "setup.py":
        return _read_setup_py(data)
    if name == "Pipfile":
        document, problem = read_toml(data)
        return Metadata(dependencies=names_of_requirements([*table(document, "packages"), *table(document, "dev-packages")])), problem
    if name == ".python-version":
        words = decode(data)[0].split()
        return Metadata(requires_python=f"=={words[0]}" if words and words[0][0].isdigit() else None), None
    if name.endswith(".txt"):
        return Metadata(dependencies=_requirements(decode(data)[0])), None
    return Metadata(), None


def normalise(name: str) -> str:
    """Return a distribution's normalised name (PEP 503).

    >>> normalise("Zope.Interface")
    'zope-interface'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def lower_bound(specifier: str) -> tuple[int, int] | None:
    """Return the oldest Python, as (major, minor), that a version specifier allows; None where it sets no lower bound.

    >>> lower_bound(">=3.9,<4"), lower_bound("^3.10"), lower_bound("==3.12.1"), lower_bound("<4"), lower_bound(">3.8, !=3.9.1")
    ((3, 9), (3, 10), (3, 12), None, (3, 8))
    """
    found = [(int(major), int(minor or 0)) for major, minor in re.findall(r"(?<![!<])(?:>=|===?|~=|>|\^|~(?!=))\s*(\d{1,4})(?:\.(\d{1,4}))?", specifier)]
    return max(found, default=None)


def names_of_requirements(requirements: Iterable[str]) -> frozenset[str]:
    """Return the normalised names of requirements (PEP 508); a bare path or URL has none."""
    return frozenset(normalise(match[1]) for one in requirements if (match := _NAME.match(one)))


def _requirements(text: str) -> frozenset[str]:
    """Return the names in a requirements file. Included files (`-r`) speak for themselves when they are read."""
    lines = [line.strip() for line in text.splitlines()]
    plain = names_of_requirements(line for line in lines if line and line[0] not in "#-")
    return plain | {normalise(egg) for line in lines for egg in _EGG.findall(line)}


def _package_root(package: str, directory: str) -> str | None:
    """Return the root from which a package in a directory is imported under its name, None where the directory is named otherwise.

    >>> _package_root("acme.core", "src/acme/core"), _package_root("", "lib"), _package_root("acme", "code") is None
    ('src', 'lib', True)
    """
    if not package:
        return directory
    tail = package.replace(".", "/")
    clean = directory.strip("/")
    if clean == tail:
        return ""
    return clean[: -len(tail) - 1] if clean.endswith("/" + tail) else None


def _package_roots(mapping: Mapping[str, object]) -> Iterable[str]:
    # NOTE: a package that lies in a directory of another name (`{"acme": "code"}`) is importable only once installed; it has no root.
    found = (_package_root(package, directory) for package, directory in mapping.items() if isinstance(directory, str))
    return (root for root in found if root is not None)


def _read_pyproject(data: bytes) -> Answer:
    document, problem = read_toml(data)
    project, poetry, tool = table(document, "project"), table(document, "tool", "poetry"), table(document, "tool")
    requirements: list[str] = list(strings(project.get("dependencies")))
    for group in [*table(project, "optional-dependencies").values(), *table(document, "dependency-groups").values()]:
        requirements.extend(strings(group))
    for group in table(tool, "pdm", "dev-dependencies").values():
        requirements.extend(strings(group))
    requirements.extend(strings(table(tool, "uv").get("dev-dependencies")))
    for holder in (poetry, *table(poetry, "group").values()):
        requirements.extend(name for key in ("dependencies", "dev-dependencies") for name in table(holder, key) if name.lower() != "python")
    name = project.get("name") or poetry.get("name")
    wanted = project.get("requires-python") or table(poetry, "dependencies").get("python")
    return Metadata(
        package_directories=tuple(_backend_directories(document)),
        installable=bool(project or poetry or "build-system" in document),
        distribution=normalise(name) if isinstance(name, str) else None,
        dependencies=names_of_requirements(requirements),
        requires_python=wanted if isinstance(wanted, str) else None,
    ), problem


def _backend_directories(document: Table) -> Iterable[tuple[str, str]]:
    """Yield (directory, table that names it) for every build backend that we know."""
    tool = table(document, "tool")
    yield from ((root, "tool.setuptools.package-dir") for root in _package_roots(table(tool, "setuptools", "package-dir")))
    yield from ((one, "tool.setuptools.packages.find") for one in strings(table(tool, "setuptools", "packages", "find").get("where")))
    packages = table(tool, "poetry").get("packages")
    for one in packages if isinstance(packages, list) else ():
        yield from ((directory, "tool.poetry.packages") for directory in strings(table(one).get("from")))
    hatch = table(tool, "hatch", "build")
    for build, label in ((hatch, "tool.hatch.build"), (table(hatch, "targets", "wheel"), "tool.hatch.build.targets.wheel")):
        for package in strings(build.get("packages")):
            yield package.strip("/").rpartition("/")[0], f"{label}.packages"
        sources = build.get("sources")
        # A table maps a prefix to its replacement; only one that is stripped is a root.
        stripped = [prefix for prefix, new in sources.items() if new == ""] if isinstance(sources, dict) else strings(sources)
        yield from ((one, f"{label}.sources") for one in stripped)
        yield from ((one, f"{label}.dev-mode-dirs") for one in strings(build.get("dev-mode-dirs")))
    yield from ((one, "tool.pdm.build.package-dir") for one in strings(table(tool, "pdm", "build").get("package-dir")))
    yield from ((one, "tool.maturin.python-source") for one in strings(table(tool, "maturin").get("python-source")))
    for package in strings(table(tool, "scikit-build", "wheel").get("packages")):
        yield package.strip("/").rpartition("/")[0], "tool.scikit-build.wheel.packages"
    uv = table(tool, "uv", "build-backend")
    if "module-root" in uv:
        yield from ((one, "tool.uv.build-backend.module-root") for one in strings(uv["module-root"]))


def _read_setup_cfg(data: bytes) -> Answer:
    sections, problem = read_ini(data)
    metadata, options = ({key.replace("-", "_").lower(): value for key, value in sections.get(name, {}).items()} for name in ("metadata", "options"))
    pairs = (line.partition("=") for line in _lines(options.get("package_dir", "")))
    directories = [(root, "options.package_dir") for root in _package_roots({name.strip(): directory.strip() for name, _, directory in pairs})]
    for section in ("options.packages.find", "options.packages.find_namespace"):
        directories.extend((where, section) for where in _lines(sections.get(section, {}).get("where", "")))
    requirements = [line for key in ("install_requires", "tests_require", "setup_requires") for line in _lines(options.get(key, ""))]
    requirements.extend(line for value in sections.get("options.extras_require", {}).values() for line in _lines(value))
    return Metadata(
        package_directories=tuple(directories),
        installable=bool(metadata.get("name") or options),
        distribution=normalise(metadata["name"]) if "name" in metadata else None,
        dependencies=names_of_requirements(requirements),
        requires_python=options.get("python_requires"),
    ), problem


def _lines(value: str) -> list[str]:
    """Split a list value of setup.cfg: at newlines, or at commas where it is one line."""
    parts = value.split("\n") if "\n" in value else re.split(r",(?!\s*[<>=!~])", value)
    return [stripped for part in parts if (stripped := part.strip()) and not stripped.startswith("#")]


def _read_setup_py(data: bytes) -> Answer:
    tree, problem = parse_python(data)
    if tree is None:
        return Metadata(installable=True), problem
    try:
        return _read_setup_call(tree), None
    except RecursionError:
        return Metadata(installable=True), "nested too deeply to be evaluated"


def _read_setup_call(tree: ast.Module) -> Metadata:
    evaluator = Evaluator(RepoPath("setup.py"))
    evaluator.run(tree.body)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assigned = {target.id: node.value for node in ast.walk(tree) if isinstance(node, ast.Assign) for target in node.targets if isinstance(target, ast.Name)}
    keywords = {one.arg: one.value for call in calls if _called(call) == "setup" for one in call.keywords if one.arg is not None}
    # `setup(**options)` with a dictionary literal, or `package_dir = {...}` above the call.
    keywords = {name: assigned.get(value.id, value) if isinstance(value, ast.Name) else value for name, value in keywords.items()}
    directories = [(root, "package_dir") for root in _package_roots(_dictionary(evaluator, keywords.get("package_dir")))]
    for call in calls:
        if _called(call) in {"find_packages", "find_namespace_packages"}:
            where = next((one.value for one in call.keywords if one.arg == "where"), call.args[0] if call.args else None)
            text = evaluator.text(where) if where is not None else None
            if text is not None:
                directories.append((text, "find_packages"))
    requirements = [one for key in ("install_requires", "tests_require") if key in keywords for one in evaluator.many(keywords[key]) or () if one]
    extras = keywords.get("extras_require")
    for value in extras.values if isinstance(extras, ast.Dict) else ():
        requirements.extend(one for one in evaluator.many(value) or () if one)
    name, wanted = (evaluator.text(keywords[key]) if key in keywords else None for key in ("name", "python_requires"))
    return Metadata(
        package_directories=tuple(directories),
        installable=True,
        distribution=normalise(name) if name else None,
        dependencies=names_of_requirements(requirements),
        requires_python=wanted,
    )


def _called(call: ast.Call) -> str:
    """Return the last part of the name of what is called."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""


def _dictionary(evaluator: Evaluator, node: ast.expr | None) -> dict[str, str]:
    """Return the entries of a dictionary display whose key and value are known strings."""
    if not isinstance(node, ast.Dict):
        return {}
    pairs = ((evaluator.text(key) if key is not None else None, evaluator.text(value)) for key, value in zip(node.keys, node.values, strict=True))
    return {key: value for key, value in pairs if key is not None and value is not None}


def is_requirements(path: str) -> bool:
    """Tell whether a file is a requirements file, by its name or its directory's.

    >>> [is_requirements(one) for one in ("requirements-dev.txt", "requirements/base.txt", "dev_requirements.txt", "notes.txt")]
    [True, True, True, False]
    """
    name = basename_of(path)
    directory = basename_of(path.rpartition("/")[0])
    return _REQUIREMENTS.fullmatch(name) is not None or (directory == "requirements" and name.endswith(".txt"))
