"""Which tests does this change break, why, and what is the fix: before it merges."""
