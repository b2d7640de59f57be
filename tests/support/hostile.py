"""Text that tries to be more than text, for hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from support.reports import HOSTILE

_PIECES = (
    *(text for text in HOSTILE if len(text) < 1000),
    *("`", "``", "|", "\\", "*", "_", "~", "<", ">", "&", '"', "'", "[", "]", "(", ")", "!", "#", "@", "{", "}", "%", ":", ",", ";", "=", "$", "$$"),
    *("\n", "\r", "\t", " ", "\0", "\x1b[2J", "\u202e", "\u2066", "\u2028", "\ufeff", "\ufffe", "\ud800", "\U0001f600", "é", "٣"),
    *(
        "::error::",
        "::set-output name=x::",
        "##[group]",
        "%0A",
        "]]>",
        "<![CDATA[",
        "--> ",
        "end",
        "click n0",
        "{0}",
        "](1)",
        "```mermaid",
        "</script>",
        "<!--",
    ),
    *("</script>", "<!--", "{{ 7 * 7 }}", "{% raw %}", "javascript:alert(1)", "http://evil.example", "\\x7c", "a" * 500),
)


def text() -> st.SearchStrategy[str]:
    """Return names and lines as nobody would write them but for harm."""
    return st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=8)), max_size=6).map("".join)
