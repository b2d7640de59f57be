"""Where things went, and what to write instead.

changes        what the change took away
candidates     where each may be now, a finder per reason to believe it: `places`, `successions`
relocations    which of them it is
remedies       what each file has to write
"""
