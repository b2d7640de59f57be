"""`impact fix`: rewrites what names a thing that moved, in every file that breaks by it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from impact.cli.options import Directory, NoCache, Quiet, choose
from impact.cli.session import prepare
from impact.cli.terminal import ProgressLine, write_bytes
from impact.diffs import transplant, write_patch
from impact.errors import ExitCode, UsageError
from impact.names import RepoPath, ancestors_of
from impact.render.inert import visible
from impact.report import Certainty

if TYPE_CHECKING:
    from impact.git import Repository
    from impact.mending import Mended, Rewrite
    from impact.snapshots import Snapshot


def fix(
    revisions: Annotated[
        str | None,
        typer.Argument(metavar="RANGE", show_default=False, help="A..B, A...B, or REV for REV..worktree. Default: what the worktree adds to the base branch."),
    ] = None,
    apply: Annotated[bool, typer.Option("--write", help="Apply the patch to the worktree instead of printing it.")] = False,
    force: Annotated[bool, typer.Option("--force", help="With --write: also edit files with changes that are not committed.")] = False,
    certainty: Annotated[str, typer.Option(metavar="LEVEL", help=f"How sure a remedy has to be: {', '.join(Certainty)}.")] = Certainty.CERTAIN.value,
    shim: Annotated[bool, typer.Option("--shim", help="Leave the importers: put modules at the old places that hand on and warn.")] = False,
    restore: Annotated[bool, typer.Option("--restore", help="Also bring back, as the base had it, what is gone and has no other place.")] = False,
    base: Annotated[str | None, typer.Option(metavar="BRANCH", show_default=False, help="The branch to compare with when RANGE names none.")] = None,
    staged: Annotated[bool, typer.Option("--staged", help="Judge what is staged instead of the worktree.")] = False,
    no_cache: NoCache = False,
    quiet: Quiet = False,
    start: Directory = ".",
) -> int:
    """Print the patch that mends what a change breaks, as far as it is known where things went. What is left is listed on stderr.

    Exit code: 0 nothing is left to mend, 1 something is, 2 cannot run, 3 a bug.
    """
    choose("--certainty", certainty, tuple(Certainty))
    if force and not apply:
        raise UsageError("--force: only --write edits files")
    if shim and restore:
        raise UsageError("--restore: --shim leaves what is gone where it is", hint="choose one of them")
    rewrite = _rewriter()
    repository, comparison, settings = prepare(start, revisions, {"base": base}, staged=staged)

    from impact.cache import open_cache  # noqa: PLC0415
    from impact.mending import mend  # noqa: PLC0415

    with open_cache(enabled=not no_cache) as cache, ProgressLine(sys.stderr, wanted=not quiet) as progress:
        mended = mend(repository, comparison, settings, cache, progress, rewrite=rewrite, enough=Certainty(certainty), shim=shim, restore=restore)
    if apply:
        _apply(repository, comparison.head, mended, force=force)
    else:
        write_bytes(b"".join(write_patch(path, old, new) for path, (old, new) in mended.files.items()))
    if not quiet:
        _tell(mended, applied=apply, merged=comparison.merged)
    return ExitCode.FINDINGS if mended.left else ExitCode.CLEAN


def _rewriter() -> Rewrite:
    """Return what rewrites a source. Raises UsageError where LibCST is not installed."""
    try:
        from impact.rewriting import rewrite  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise UsageError("fix: LibCST is not installed", hint="pip install 'git-impact[fix]'") from error
    return rewrite


def _apply(repository: Repository, judged: Snapshot, mended: Mended, *, force: bool) -> None:
    """Edit the files of the working tree: all of them, or, where one is not as it was judged, none."""
    root = repository.root
    if root is None:
        raise UsageError("--write: a bare repository has no working tree", hint="print the patch, and apply it elsewhere")
    dirty = repository.uncommitted() if not force else frozenset()
    contents: dict[Path, bytes] = {}
    for path, (old, new) in mended.files.items():
        place = _place(root, path)
        if path in dirty:
            raise UsageError(f"--write: {path} has changes that are not committed", hint="commit or stash them, or say --force")
        held = place.read_bytes() if place.is_file() else None
        if (held is None) != (old is None) or (held is not None and held.replace(b"\r\n", b"\n") != (old or b"").replace(b"\r\n", b"\n")):
            raise UsageError(
                f"--write: {path} is not in the working tree as it is at {judged.end.revision}", hint="check that revision out, or print the patch"
            )
        contents[place] = transplant(old, new, held) if old is not None and held is not None else new
    for place, content in contents.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def _place(root: Path, path: RepoPath) -> Path:
    """Return where a file of the working tree lies. Raises UsageError where that may be outside of it."""
    link = next((above for above in (*ancestors_of(path)[1:], path) if (root / above).is_symlink()), None)
    if link is not None:
        raise UsageError(f"--write: {path} is reached through a symbolic link", hint=f"see where {link} leads, and edit the file there")
    return root / path


def _tell(mended: Mended, *, applied: bool, merged: bool) -> None:
    """Say on stderr what was done, and what is left."""
    lines: list[str] = []
    if mended.files:
        verb = "mended" if applied else "the patch mends"
        where = ", where the two ends are merged" if merged and not applied else ""
        lines.append(f"{verb} {_count(mended.count, 'broken reference')} in {_count(len(mended.files), 'file')}{where}")
    if mended.partly:
        lines.append(f"{_count(len(mended.partly), 'file')} of these, mended in part, will fail all the same:")
        lines += [f"  {path}: {_count(done, 'reference')} mended, {left:,} left" for path, done, left in mended.partly]
    if mended.left:
        lines.append(f"{_count(len(mended.left), 'broken reference')} cannot be mended:")
        lines += [f"  {one.path}:{one.line}: {one.target.replace(':', '.')}: {one.reason}" for one in mended.left]
    if not lines:
        lines.append("nothing to mend")
    sys.stderr.write("".join(f"{visible(line)}\n" for line in lines))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
