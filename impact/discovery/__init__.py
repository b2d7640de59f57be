"""What a revision is made of: source roots, pytest's settings, test files, and the Python that they are judged by.

survey           one pass over the paths
documents        the settings, whatever their format: of packaging (`metadata`), of pytest (`pytest_settings`, `warning_filters`)
static_paths     what a conftest.py puts on `sys.path`
layout           what follows from that for one file
understanding    all of it together; `collection` and `roots` say what differs between two ends
"""
