"""From breaks and verdicts to what the report says of them: `findings`, `doubts`, `excerpts`, `meetings`; `selection` for those with nothing gone."""
