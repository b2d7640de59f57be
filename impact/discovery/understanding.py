"""Discovery: from the files of a revision to its source roots, pytest projects and tests.

One pass over the paths, then the settings files and the few conftest.py files that compute something are read. Nothing here raises on what they hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from impact.discovery.collection import Collection, Projects
from impact.discovery.layout import Claim, Layout, Origin, PytestProject, PythonRequirement, Root, base_directory, merge
from impact.discovery.metadata import METADATA_FILES, Metadata, lower_bound, read_metadata
from impact.discovery.pytest_settings import SETTINGS_FILES, PytestSettings, find_settings
from impact.discovery.static_paths import ModuleFacts, locate, read_module
from impact.discovery.survey import Survey, survey
from impact.names import RepoPath, ancestors_of, basename_of, directory_of, is_below, join
from impact.report import End, Skipped

if TYPE_CHECKING:
    from impact.snapshots import Snapshot

__all__ = ["Layout", "PytestProject", "PythonRequirement", "Root", "Understanding", "discover", "settings_paths"]

Read = Callable[[RepoPath], bytes | None]

# A conftest.py without one of these words computes nothing that we would want to know.
_TELLING = (b"sys", b"collect_ignore", b"addsitedir")


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was understood of a revision: what `impact doctor` prints. `cache` and `python` say in words which ones are used."""

    revision: End
    roots: tuple[Root, ...]
    projects: tuple[PytestProject, ...]
    modules: int
    tests: int
    skipped: tuple[Skipped, ...]
    cache: str
    python: str


def settings_paths(snapshot: Snapshot) -> tuple[RepoPath, ...]:
    """Return every file that `discover` may read, for a reader that fetches many blobs at once."""
    found = survey(snapshot)
    return tuple(sorted({*found.settings, *found.requirements, *found.conftests}))


def discover(snapshot: Snapshot, read: Read, *, extra_roots: Sequence[str] = (), exclude: Sequence[str] = ()) -> Layout:
    """Return the layout of a snapshot.

    `read` answers the content of a file, None where there is none. `extra_roots` are directories that the configuration names, `exclude` are patterns
    (as in `.gitignore`) of files that are no tests.
    """
    found = survey(snapshot)
    skipped: set[Skipped] = set()
    projects = _projects(found, read, skipped)
    metadata = _metadata(found, read, skipped)
    facts = _conftest_facts(found, read, skipped)
    collection = Collection(found, projects, facts, exclude)
    tests = collection.tests()
    counts = Counter(project.directory for project in tests.values())
    finished = tuple(
        replace(project, tests=counts[directory], ignored=tuple(sorted({*project.ignored, *collection.ignored_by_conftests(directory)})))
        for directory, (project, _) in sorted(projects.items())
    )
    claims = (
        *_claims_of_projects(found, metadata),
        *(Claim(path, RepoPath(""), Origin.CONFIGURED, "configured") for one in extra_roots if (path := locate(one, "")) is not None),
        *(Claim(path, one.directory, Origin.PYTHONPATH, f"pythonpath in {one.ini_file}") for one in finished for path in one.pythonpath),
        *_claims_of_conftests(found, facts, projects),
        *_claims_of_base_directories(found, tests, collection),
        *_claims_of_packages(found),
    )
    # Below a `src` or a configured path, packages are known by their names from there: a guess would cut `a.b.json` down to `json`.
    named = {
        claim.path for claim in claims if claim.path and claim.origin in (Origin.PYTHONPATH, Origin.CONFIGURED, Origin.PROJECT) and claim.path != claim.home
    }
    claims = tuple(
        claim
        for claim in dict.fromkeys(claims)
        if claim.path in snapshot.directories and not (claim.origin is Origin.WEAK and any(is_below(claim.path, root) and claim.path != root for root in named))
    )
    distributions = frozenset(one.distribution for one in metadata.values() if one.distribution is not None)
    return Layout(
        roots=merge(claims),
        projects=finished,
        tests=frozenset(tests),
        outside_testpaths=frozenset(path for path, project in tests.items() if not collection.reached(path, project)),
        packages=found.packages,
        doctested=frozenset(collection.doctests()),
        conftests=frozenset(found.conftests),
        dependencies=frozenset(name for one in metadata.values() for name in one.dependencies) - distributions,
        distributions=distributions,
        requirements=_requirements(metadata),
        installable=frozenset(directory_of(path) for path, one in metadata.items() if one.installable),
        skipped=tuple(sorted(skipped)),
        unresolved=tuple(
            Skipped(path, f"line {line}: what is put on sys.path is computed in a way that is not understood")
            for path, one in sorted(facts.items())
            for line in one.unresolved
        ),
        claims=claims,
    )


def _projects(found: Survey, read: Read, skipped: set[Skipped]) -> Projects:
    """Return the pytest project of every directory with settings, and of the repository root."""

    def present(path: RepoPath) -> bytes | None:
        return read(path) if path in found.settings else None

    projects: dict[RepoPath, tuple[PytestProject, PytestSettings]] = {}
    for directory in {RepoPath(""), *(directory_of(path) for path in found.settings if basename_of(path) in SETTINGS_FILES)}:
        ini_file, settings, problems = find_settings(directory, present)
        skipped.update(problems)
        if ini_file is not None or not directory:
            projects[directory] = (_project(directory, ini_file, settings), settings)
    return projects


def _project(directory: RepoPath, ini_file: RepoPath | None, settings: PytestSettings) -> PytestProject:
    def located(paths: Iterable[str]) -> tuple[RepoPath, ...]:
        return tuple(path for one in paths if (path := locate(one, directory)) is not None)

    cut = locate(settings.confcutdir, directory) if settings.confcutdir is not None else None
    return PytestProject(
        directory=directory,
        ini_file=ini_file,
        import_mode=settings.import_mode,
        testpaths=settings.testpaths,
        python_files=settings.python_files,
        python_classes=settings.python_classes,
        python_functions=settings.python_functions,
        pythonpath=located(settings.pythonpath),
        norecursedirs=settings.norecursedirs,
        ignored=located((*settings.ignore, *settings.ignore_glob)),
        deselected=settings.deselect,
        plugins=settings.plugins,
        options=settings.options,
        required_plugins=settings.required_plugins,
        warning_filters=settings.warning_filters,
        usefixtures=settings.usefixtures,
        names=settings.names,
        strict_config=settings.strict_config,
        strict_markers=settings.strict_markers,
        markers=settings.markers,
        confcutdir=directory if cut is None else cut,
        noconftest=settings.noconftest,
        doctest_modules=settings.doctest_modules,
        consider_namespace_packages=settings.consider_namespace_packages,
    )


def _metadata(found: Survey, read: Read, skipped: set[Skipped]) -> dict[RepoPath, Metadata]:
    metadata: dict[RepoPath, Metadata] = {}
    for path in sorted({*(one for one in found.settings if basename_of(one) in METADATA_FILES), *found.requirements}):
        data = read(path)
        if data is not None:
            metadata[path], problem = read_metadata(basename_of(path), data)
            if problem is not None:
                skipped.add(Skipped(path, problem))
    return metadata


def _requirements(metadata: dict[RepoPath, Metadata]) -> dict[RepoPath, PythonRequirement]:
    """Return, by directory, which Python a project wants. A declared range says more than the one version in `.python-version`."""
    found: dict[RepoPath, PythonRequirement] = {}
    for path in sorted(metadata, key=lambda path: (basename_of(path) == ".python-version", path)):
        wanted = metadata[path].requires_python
        if wanted:
            found.setdefault(directory_of(path), PythonRequirement(wanted, lower_bound(wanted), path))
    return found


def _conftest_facts(found: Survey, read: Read, skipped: set[Skipped]) -> dict[RepoPath, ModuleFacts]:
    facts: dict[RepoPath, ModuleFacts] = {}
    for path in found.conftests:
        data = read(path)
        if data is not None and any(word in data for word in _TELLING):
            facts[path] = read_module(data, path)
            if facts[path].problem is not None:
                skipped.add(Skipped(path, str(facts[path].problem)))
    return facts


def _claims_of_projects(found: Survey, metadata: dict[RepoPath, Metadata]) -> Iterator[Claim]:
    """A project directory, its `src` and what its metadata names. Everybody sees what can be installed, only its own files see the rest."""
    everybody = RepoPath("")
    yield Claim(everybody, everybody, Origin.PROJECT, "repository root", home=everybody)
    installable = {directory_of(path) for path, one in metadata.items() if one.installable}
    for home, marker in sorted({everybody: "", **found.homes}.items()):
        scope = everybody if home in installable else home
        source = join(home, "src")
        if source in found.python and source not in found.packages:
            yield Claim(source, scope, Origin.PROJECT, f"src directory of {home or 'the repository'}", home=home)
        if marker:
            yield Claim(home, scope, Origin.PROJECT, f"project directory, holds {marker}", home=home)
    for path, one in sorted(metadata.items()):
        home = directory_of(path)
        for written, label in one.package_directories:
            directory = locate(written, home)
            if directory is not None and directory != home and directory in found.python:
                yield Claim(directory, everybody, Origin.PROJECT, f"{label} in {path}", home=home)


def _claims_of_conftests(found: Survey, facts: dict[RepoPath, ModuleFacts], projects: Projects) -> Iterator[Claim]:
    for path, one in sorted(facts.items()):
        scope = directory_of(path)
        rootdir = next(directory for directory in reversed(ancestors_of(path)) if directory in projects)
        claims: list[Claim] = []
        # The last one inserted is asked first.
        for edit in reversed(one.edits):
            # A relative entry means the working directory: the rootdir as a rule, else the repository root.
            directory = next((there for cwd in (rootdir, "") if (there := locate(edit.value, cwd)) in found.snapshot.directories), None)
            if directory is not None:
                origin = Origin.APPENDED if edit.at_end else Origin.INSERTED
                claims.append(Claim(directory, scope, origin, f"sys.path in {path}, line {edit.line}"))
        yield from claims
        # What is found through one of these entries runs while the others are there too.
        for claim in claims:
            yield from (replace(claim, scope=other.path) for other in claims if other.path and not is_below(other.path, scope))


def _claims_of_base_directories(found: Survey, tests: dict[RepoPath, PytestProject], collection: Collection) -> Iterator[Claim]:
    """The base directory of every test and conftest.py, unless the import mode is `importlib`; one file of each speaks for all."""
    done: set[RepoPath] = set()
    claimed: set[tuple[RepoPath, str]] = set()
    conftests = (path for path in found.conftests if not collection.ignored(directory_of(path)))
    for path in (*conftests, *sorted(tests)):
        directory = directory_of(path)
        if directory in done:
            continue
        done.add(directory)
        mode = collection.project_of(directory).import_mode
        base = base_directory(directory, found.packages)
        if mode != "importlib" and (base, mode) not in claimed:
            claimed.add((base, mode))
            yield Claim(base, base, Origin.BASE if mode == "prepend" else Origin.APPENDED, f"base directory of {path} ({mode})")


def _claims_of_packages(found: Survey) -> Iterator[Claim]:
    """The directory around each top-most regular package; the first package there speaks for all."""
    parents: dict[RepoPath, RepoPath] = {}
    for package in sorted(found.packages):
        if package and (parent := directory_of(package)) not in found.packages:
            parents.setdefault(parent, package)
    for parent, package in parents.items():
        yield Claim(parent, parent, Origin.WEAK, f"holds the package {basename_of(package)}")
