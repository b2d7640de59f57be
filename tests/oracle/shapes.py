"""What is drawn: a project as files of items, and how the files lie.

A file is a list of items, each of which may bind one name: so a change takes one away, renames it or moves it without any parsing. Paths are
those of a project whose root is on the path; a layout says where the files really are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

Draw = st.DrawFn

# In the order in which they may import: each only what stands before it.
MODULES: Mapping[str, str] = {
    "acme.a": "acme/a.py",
    "acme.b": "acme/b.py",
    "acme.sub.c": "acme/sub/c.py",
    "acme.sub": "acme/sub/__init__.py",
    "acme": "acme/__init__.py",
}
HELPERS = "tests/helpers.py"
PLUGIN = "acme/plugin.py"
CONFTESTS = ("conftest.py", "tests/conftest.py", "tests/unit/conftest.py")
TESTS = ("tests/test_one.py", "tests/test_two.py", "tests/unit/test_three.py")
PACKAGES = ("tests/__init__.py", "tests/unit/__init__.py")


@dataclass(frozen=True)
class Item:
    """Some lines of a file. `binds` is the name that they bind, if it is one that others may ask for."""

    text: str
    binds: str | None = None


@dataclass(frozen=True)
class File:
    """A file: its items in order, and what the names stand for that others may use."""

    items: tuple[Item, ...] = ()
    exports: Mapping[str, str] = field(default_factory=dict)
    """Name → kind: see `sources`, or the dotted name of a module."""
    public: Mapping[str, str] = field(default_factory=dict)
    """Those that a star import brings."""

    @property
    def text(self) -> str:
        """The source."""
        return "".join(item.text + "\n" for item in self.items)


@dataclass(frozen=True)
class Layout:
    """Where production code lies, and what the settings say: `src` moves it below `src/`, `mode` is pytest's import mode."""

    src: bool = False
    mode: str = "prepend"
    pythonpath: tuple[str, ...] = (".",)
    strict: bool = False
    markers: tuple[str, ...] = ("slow",)

    @property
    def settings(self) -> str:
        """The text of `pytest.ini`."""
        options = ["--strict-markers"] * self.strict + [f"--import-mode={self.mode}"] * (self.mode != "prepend")
        return "".join(
            (
                "[pytest]\n",
                f"pythonpath = {' '.join(self.pythonpath)}\n" if self.pythonpath else "",
                f"addopts = {' '.join(options)}\n" if options else "",
                "markers =\n" + "".join(f"    {name}: a marker\n" for name in self.markers) if self.markers else "",
            )
        )


@dataclass(frozen=True)
class Project:
    """Files by path. The tests are in packages where `PACKAGES` are among them."""

    files: Mapping[str, File]
    layout: Layout = Layout()

    def tree(self) -> dict[str, str]:
        """Return the sources, and what pytest needs beside them."""
        source = "src/" if self.layout.src else ""
        return {
            "pytest.ini": self.layout.settings,
            **{(source + path if path.startswith("acme/") else path): file.text for path, file in self.files.items()},
        }

    def with_file(self, path: str, file: File | None) -> Project:
        """Return the project with another file at a path, or none."""
        files = {name: one for name, one in self.files.items() if name != path}
        return replace(self, files=files if file is None else {**files, path: file})
