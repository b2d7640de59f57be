"""Outward from what changed, while something is lost: which references newly find nothing.

preparation    both ends, each as `sides` has it, with its `options` and `markers`
assessment     one file at both ends; `reach` says who may ask it for something
inquiry        from file to file
deferred       from function to function; `callers`, `carriers` and `askers` say where to look, `fixtures` what a test is handed
"""
