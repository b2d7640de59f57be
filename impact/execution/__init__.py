"""What Python does when a file is imported or a function is called, played on programs. Nothing of the analysed project runs.

world, values    what is played on, and what a name can stand for
members          what classes have, with `written`: what a source says of an attribute
lookup           names and attributes
importing        import statements
callables        what a call arrives at
replacing        patches, with `patching` for which calls are some; `warned`: warnings that are errors
calling          calls
results          what they return
control_flow     which statements run
decorating       what decorators make of what they decorate
playing          files
"""
