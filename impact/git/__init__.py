"""Git, read-only: revisions, the snapshots they hold, blob contents, renames.

The only home of pygit2. Everything is read from the object database, the index and (for the working tree) the files that
differ from the index; nothing is checked out, and nothing is written in the repository, not even a refreshed index.

    open_repository → Repository.resolve(range) → Comparison, then read / renames as the core asks
"""

from __future__ import annotations

from impact.git.repository import Repository, open_repository

__all__ = ["Repository", "open_repository"]
