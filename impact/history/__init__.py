"""Questions to the commits, each by comparing trees along a few paths.

evidence      which commit took a thing away, and where its name is now
life          the whole life of a file or a name, through renames (`similarity`); `histories` is `impact history`
absences      what one revision misses; `blame` since when, `departures` where it went, `dependents` who asks for it; `checks` is `impact check`
stale         compiled files that outlived their source: `impact stale`
acceptance    breaks that the configuration takes for a while
"""
