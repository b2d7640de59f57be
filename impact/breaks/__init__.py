"""Outward from what changed, while something is lost: which references newly find nothing.

preparation    both ends, each as `sides` has it, with its `options` and `markers`
assessment     one file at both ends
inquiry        from file to file
deferred       from function to function; `fixtures` says which of them a test is handed
"""
