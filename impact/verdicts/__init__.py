"""What the breaks do to each test, as pytest collects and runs it.

nodes                the tests of a file
tally                what happens to them, and what runs before them
collection_errors    those that can no longer be collected: `cycles`, `demands`, `entrances`, `mismatches`, `parametrization`, `sessions`
late_verdicts        those that fail later or no longer test: `uncollected`, `wiring`
"""
