"""All rows, and those of them that the prediction does not meet yet."""

from __future__ import annotations

from break_model import (
    attributes,
    calls,
    collected,
    cycles,
    deferred,
    definitions,
    dropped,
    entrances,
    extensions,
    fallbacks,
    guards,
    harmless,
    idle,
    imports,
    instances,
    layouts,
    marks,
    mocks,
    moves,
    names,
    parameters,
    receivers,
    reexports,
    serving,
    settings,
    signatures,
    strings,
    texts,
    warned,
    wiring,
)

ROWS = (
    *imports.ROWS,
    *names.ROWS,
    *reexports.ROWS,
    *definitions.ROWS,
    *cycles.ROWS,
    *serving.ROWS,
    *dropped.ROWS,
    *entrances.ROWS,
    *receivers.ROWS,
    *extensions.ROWS,
    *texts.ROWS,
    *collected.ROWS,
    *guards.ROWS,
    *harmless.ROWS,
    *idle.ROWS,
    *fallbacks.ROWS,
    *wiring.ROWS,
    *settings.ROWS,
    *layouts.ROWS,
    *moves.ROWS,
    *deferred.ROWS,
    *strings.ROWS,
    *attributes.ROWS,
    *instances.ROWS,
    *marks.ROWS,
    *mocks.ROWS,
    *calls.ROWS,
    *signatures.ROWS,
    *parameters.ROWS,
    *warned.ROWS,
)

_REASONS: dict[str, tuple[str, ...]] = {}

PENDING = {row: reason for reason, rows in _REASONS.items() for row in rows}
"""Rows that pytest confirms and the prediction does not meet yet, with what is missing. Strict: a row that starts to pass has to leave."""
