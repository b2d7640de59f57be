"""The pytest settings that a directory declares, read as pytest reads them (`_pytest/config/findpaths.py`, `Config._getini`).

pytest takes the first file of `SETTINGS_FILES` that holds settings and reads no other. Where pytest would refuse to start, we go on with what can be
read and say why, since the project still has its tests.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from impact.discovery.documents import read_ini, read_toml, table
from impact.names import RepoPath, join
from impact.report import Skipped

# In the order of pytest's `CONFIG_LOADERS_BY_NAME`. The TOML files of pytest 9 are new names to older ones, which would never meet them.
SETTINGS_FILES = ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg")

NORECURSEDIRS = ("*.egg", ".*", "_darcs", "build", "CVS", "dist", "node_modules", "venv", "{arch}")
IMPORT_MODES = ("prepend", "append", "importlib")

Raw = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class PytestSettings:
    """What pytest is told, ini values and `addopts` together. Paths are as written: `pythonpath` is relative to the file, the rest to the rootdir."""

    import_mode: str = "prepend"
    testpaths: tuple[str, ...] = ()
    python_files: tuple[str, ...] = ("test_*.py", "*_test.py")
    python_classes: tuple[str, ...] = ("Test",)
    python_functions: tuple[str, ...] = ("test",)
    pythonpath: tuple[str, ...] = ()
    norecursedirs: tuple[str, ...] = NORECURSEDIRS
    markers: tuple[str, ...] = ()
    strict_markers: bool = False
    required_plugins: tuple[str, ...] = ()
    warning_filters: tuple[str, ...] = ()
    usefixtures: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    strict_config: bool = False
    consider_namespace_packages: bool = False
    plugins: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    ignore_glob: tuple[str, ...] = ()
    deselect: tuple[str, ...] = ()
    confcutdir: str | None = None
    noconftest: bool = False
    doctest_modules: bool = False
    collect_in_virtualenv: bool = False


def find_settings(directory: RepoPath, read: Callable[[RepoPath], bytes | None]) -> tuple[RepoPath | None, PytestSettings, tuple[Skipped, ...]]:
    """Return the file that pytest would take in a directory (None: no file there holds settings), what it says, and what could not be read.

    `read` answers None for a file that is not there.
    """
    skipped: list[Skipped] = []
    for name in SETTINGS_FILES:
        path = join(directory, name)
        data = read(path)
        if data is None:
            continue
        raw, native, problem = _load(name, data)
        if problem is not None:
            skipped.append(Skipped(path, problem))
        if raw is not None:
            settings, problems = read_settings(raw, native=native)
            skipped.extend(Skipped(path, one) for one in problems)
            return path, settings, tuple(skipped)
    return None, PytestSettings(), tuple(skipped)


def _load(name: str, data: bytes) -> tuple[Raw | None, bool, str | None]:
    """Return the settings in one file (None: it holds none), whether they are native TOML values, and what is wrong with it."""
    if name in {"pytest.toml", ".pytest.toml"}:
        document, problem = read_toml(data)
        return table(document, "pytest"), True, problem
    if name == "pyproject.toml":
        document, problem = read_toml(data)
        both = table(document, "tool", "pytest")
        native = {key: value for key, value in both.items() if key != "ini_options"}
        options = both.get("ini_options")
        if isinstance(options, dict):
            return (
                options,
                False,
                problem or ("both [tool.pytest] and [tool.pytest.ini_options], which pytest 9 refuses: the latter is read" if native else None),
            )
        return native or None, True, problem
    sections, problem = read_ini(data)
    if name == "setup.cfg":
        return sections.get("tool:pytest"), False, problem
    found = sections.get("pytest")
    # pytest.ini is taken even when it says nothing; a tox.ini without the section is not pytest's, and neither are its faults.
    if name in {"pytest.ini", ".pytest.ini"}:
        return found or {}, False, problem
    return found, False, problem if found is not None else None


class _Reader:
    """Typed access to raw values, as `Config._getini` converts them; collects what does not convert."""

    def __init__(self, raw: Raw, *, native: bool) -> None:
        self.raw = raw
        self.native = native
        self.problems: list[str] = []

    def words(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of words: split like a shell's in ini values, a TOML list as it is."""
        value = self.raw.get(key)
        if value is None:
            return default
        if isinstance(value, list):
            if not all(isinstance(one, str) for one in value):
                self.problems.append(f"{key}: a list of strings expected")
            return tuple(one for one in value if isinstance(one, str))
        if self.native:
            self.problems.append(f"{key}: a list of strings expected")
        try:
            return tuple(shlex.split(str(value)))
        except ValueError as error:
            self.problems.append(f"{key}: {error}")
            return default

    def lines(self, key: str) -> tuple[str, ...]:
        """A list of lines."""
        value = self.raw.get(key)
        if isinstance(value, list):
            return self.words(key)
        return tuple(stripped for line in str(value or "").split("\n") if (stripped := line.strip()))

    def truth(self, key: str) -> bool | None:
        """A truth value; None where it is not given."""
        value = self.raw.get(key)
        if value is None or isinstance(value, bool):
            return value
        word = str(value).strip().lower()
        if word not in {"y", "yes", "t", "true", "on", "1", "n", "no", "f", "false", "off", "0"}:
            self.problems.append(f"{key}: no truth value: {word!r}")
        return word in {"y", "yes", "t", "true", "on", "1"}


def read_settings(raw: Raw, *, native: bool = False) -> tuple[PytestSettings, tuple[str, ...]]:
    """Return what raw settings say and what in them could not be understood. `native`: TOML values, not ini strings."""
    reader = _Reader(raw, native=native)
    options, overrides = _read_options(reader.words("addopts"), reader.problems)
    if overrides:
        # `-o name=value` and `--strict` in addopts override the file, one level deep (`Config.parse`).
        problems = reader.problems
        reader = _Reader({**raw, **overrides}, native=False)
        reader.problems = problems
    default = PytestSettings()
    strict, strict_config = reader.truth("strict_markers"), reader.truth("strict_config")
    if strict_config is None:
        strict_config = reader.truth("strict")
    settings = replace(
        options,
        testpaths=reader.words("testpaths"),
        python_files=reader.words("python_files", default.python_files),
        python_classes=reader.words("python_classes", default.python_classes),
        python_functions=reader.words("python_functions", default.python_functions),
        pythonpath=reader.words("pythonpath"),
        norecursedirs=reader.words("norecursedirs", default.norecursedirs),
        markers=tuple(marker_name(line) for line in reader.lines("markers")),
        strict_markers=bool(reader.truth("strict") if strict is None else strict),
        required_plugins=reader.words("required_plugins"),
        warning_filters=(*reader.lines("filterwarnings"), *options.warning_filters),
        usefixtures=reader.words("usefixtures"),
        names=tuple(sorted(raw)) if strict_config else (),
        strict_config=bool(strict_config),
        consider_namespace_packages=bool(reader.truth("consider_namespace_packages")),
    )
    return settings, tuple(reader.problems)


def marker_name(line: str) -> str:
    """Return the name that a line of `markers` registers.

    >>> marker_name("slow(reason): takes minutes")
    'slow'
    """
    return line.split(":", 1)[0].split("(", 1)[0].strip()


# The options that we look at and that take a value, short or long. Every other option is passed over; a value of such an option then
# looks like a path argument, which we do not read either.
# NOTE: `-c` and `--rootdir` have no effect in addopts: the file that holds addopts is found through them ("rootdir", pytest's reference).
_VALUED = {
    "--import-mode": "import_mode",
    "--ignore": "ignore",
    "--ignore-glob": "ignore_glob",
    "--deselect": "deselect",
    "--confcutdir": "confcutdir",
    "-p": "plugins",
    "-W": "warnings",
    "--pythonwarnings": "warnings",
    "-o": "override",
    "--override-ini": "override",
}


_FLAGS = frozenset({"--strict-markers", "--strict-config", "--strict", "--noconftest", "--doctest-modules", "--collect-in-virtualenv"})


def _read_options(words: tuple[str, ...], problems: list[str]) -> tuple[PytestSettings, dict[str, str]]:
    """Return the settings that options give, the rest at their defaults, and the ini values that they override."""
    values: dict[str, list[str]] = {field: [] for field in _VALUED.values()}
    flags: set[str] = set()
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        if word[:2] in {"-p", "-o", "-W"} and len(word) > 2 and not word.startswith("--"):
            name, equals, value = word[:2], "=", word[2:]
        if name not in _VALUED:
            flags.add(word)
            continue
        given = value if equals else next(rest, None)
        if given is None:
            problems.append(f"addopts: {name} lacks its value")
        else:
            values[_VALUED[name]].append(given)
    mode = (values["import_mode"] or ["prepend"])[-1]
    if mode not in IMPORT_MODES:
        problems.append(f"addopts: no import mode: {mode!r}")
        mode = "prepend"
    overrides = {name: value for name, equals, value in (one.partition("=") for one in values["override"]) if equals}
    overrides.update(
        {ini: "true" for flag, ini in (("--strict-markers", "strict_markers"), ("--strict", "strict"), ("--strict-config", "strict_config")) if flag in flags}
    )
    settings = PytestSettings(
        import_mode=mode,
        plugins=tuple(one.strip() for one in values["plugins"]),
        warning_filters=tuple(values["warnings"]),
        options=tuple(sorted(flag for flag in flags - _FLAGS if flag.startswith("--"))),
        ignore=tuple(values["ignore"]),
        ignore_glob=tuple(values["ignore_glob"]),
        deselect=tuple(values["deselect"]),
        confcutdir=values["confcutdir"][-1] if values["confcutdir"] else None,
        noconftest="--noconftest" in flags,
        doctest_modules="--doctest-modules" in flags,
        collect_in_virtualenv="--collect-in-virtualenv" in flags,
    )
    return settings, overrides
