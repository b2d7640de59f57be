"""Where functions hand their keywords on, whatever they hold."""

from __future__ import annotations

import pytest

from impact.programs.forwarding import forwarding_of


@pytest.mark.parametrize(("depth", "known"), [(1, True), (200, True), (2000, False)])
def test_a_table_of_any_depth_is_read_or_left_alone(depth: int, known: bool) -> None:
    table = " | ".join(["{'size': 1}"] * depth)
    found = forwarding_of(f"def new(**more):\n    return Order(**({table} | more))\n".encode(), "1:0")
    assert (found is not None) is known
    assert found is None or (found.path, found.defaults) == (("Order",), ("size",))
