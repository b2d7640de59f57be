"""What the settings of pytest ask for and is gone: plugins, options, classes of warnings; and settings that cannot be read any more. pytest says so in one
line, and collects nothing.

Only what the project had itself at base is missed: the rest may be installed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from impact.breaks.inquiry import Inquiry
from impact.breaks.sides import Side
from impact.breaks.unreadable import find_unreadable
from impact.discovery.layout import PytestProject
from impact.execution.values import Event, Raised
from impact.modules import File
from impact.names import RepoPath, directory_of, join
from impact.report import Link, ReferenceKind
from impact.verdicts.entrances import is_entered


def find_unmet(inquiry: Inquiry) -> Mapping[RepoPath, Raised]:
    """Return what pytest says of settings that ask for what is gone, by the directory that they hold for."""
    found = {**find_unreadable(inquiry), **_gone_options(inquiry), **_gone_plugins(inquiry)}
    for project in inquiry.head.layout.projects:
        for text, word in (*_unknown_settings(inquiry, project), *_gone_warnings(inquiry, project)):
            place = project.ini_file or join(project.directory, "conftest.py")
            line = _line(inquiry.head, place, word)
            event = Event(place, line, 0, ReferenceKind.STRING, word, text, certain=True)
            found.setdefault(project.directory, Raised("UsageError", text, event, (Link(place, place, line),)))
    return found


def _line(side: Side, path: RepoPath, word: str) -> int:
    data = side.programs.source(path) or b""
    return next((number for number, one in enumerate(data.splitlines(), 1) if word.encode() in one), 1)


def _unknown_settings(inquiry: Inquiry, project: PytestProject) -> Iterator[tuple[str, str]]:
    """Yield what pytest says under `--strict-config` of a setting that no `addini` of the project defines any more."""
    if project.strict_config:
        for name in project.names:
            if name in inquiry.head_world.lost_inis:
                yield f"Unknown config option: {name}", name


def _gone_warnings(inquiry: Inquiry, project: PytestProject) -> Iterator[tuple[str, str]]:
    """Yield what pytest says of a filter for a class of warnings that its module lost; one whose module is gone is passed over (`apply_warning_filters`)."""
    importer = project.ini_file or join(project.directory, "conftest.py")
    for one in project.warning_filters:
        module, _, name = (*(part.strip() for part in re.split(r"(?<!\\):", one)), "", "", "")[2].rpartition(".")
        location = inquiry.head.modules.find(module, importer) if module else None
        if isinstance(location, File) and name in inquiry.losses.lost.get(location.path, ()):
            yield f"AttributeError: module {module!r} has no attribute {name!r}", f"{module}.{name}"


def _gone_plugins(inquiry: Inquiry) -> dict[RepoPath, Raised]:
    """Return what pytest says of a plugin that its settings ask for, that was there at base and is not at head; by the directory of the settings."""
    found: dict[RepoPath, Raised] = {}
    for project in inquiry.head.layout.projects:
        for name in project.plugins:
            importer = project.ini_file or join(project.directory, "conftest.py")
            if name.startswith("no:") or inquiry.head.modules.find(name, importer) is not None or not inquiry.head_world.expects(name, importer):
                continue
            missing = next(
                part for end in range(name.count(".") + 1) if inquiry.head.modules.find(part := ".".join(name.split(".")[: end + 1]), importer) is None
            )
            text = f'ImportError: Error importing plugin "{name}": No module named {missing!r}'
            data = inquiry.head.programs.source(importer) or b""
            line = next((number for number, one in enumerate(data.splitlines(), 1) if name.encode() in one), 1)
            event = Event(importer, line, 0, ReferenceKind.STRING, missing, text, certain=True)
            found.setdefault(project.directory, Raised("UsageError", text, event, (Link(importer, importer, line),)))
    return found


def _gone_options(inquiry: Inquiry) -> dict[RepoPath, Raised]:
    """Return what pytest says of options in `addopts` that a conftest.py defined at base and nobody does at head; by the directory of the settings."""
    found: dict[RepoPath, Raised] = {}
    if any(name.startswith("pytest") for name in inquiry.head.layout.dependencies - inquiry.base.layout.dependencies):
        return found  # it may be the new plugin's
    for project in inquiry.head.layout.projects:
        gone = [option for option in project.options if _is_gone(inquiry, project.directory, option)]
        if gone and project.ini_file is not None:
            text = f"error: unrecognized arguments: {' '.join(gone)}"
            event = Event(project.ini_file, 1, 0, ReferenceKind.STRING, gone[0], text, certain=True)
            found[project.directory] = Raised("UsageError", text, event, (Link(project.ini_file, project.ini_file, 1),))
    return found


def _is_gone(inquiry: Inquiry, directory: RepoPath, option: str) -> bool:
    name = option.partition("=")[0].encode()
    base, head = inquiry.base, inquiry.head

    def defines(side: Side, path: RepoPath) -> bool:
        source = (side.programs.source(path) or b"") if path in side.snapshot.files else b""
        return b"addoption" in source and any(quote + name + quote in source for quote in (b'"', b"'"))

    # Only a conftest.py that pytest loads before it reads its options counts: that of the rootdir, or of a test directory there.
    first = (one for one in base.layout.conftests & inquiry.changed if directory_of(one) == directory or is_entered(directory_of(one), directory))
    return any(defines(base, one) for one in first) and not any(defines(head, one) for one in (*inquiry.changed, *head.layout.conftests))
