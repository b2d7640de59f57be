"""What a source does when it runs, as far as names are concerned: from bytes to the statements that `execution` plays.

    parsing       whether Python takes it
    syntax        one walk, statement by statement, with `expressions` and `texts` for what stands in them
    outlines      functions, without looking into them; `functions` writes a body when somebody asks for it
    program       what is written: statements, functions; `encoding` makes JSON of it for the cache

The others answer one question each of a source: `conditions`, `definitions`, `idle`, `serving`, `signatures`, `skips`.
"""
