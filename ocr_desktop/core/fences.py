"""Fenced code: what stands between two lines of backticks or tildes."""

from __future__ import annotations

import re

LANGUAGES = frozenset(
    {
        *("asm", "bash", "c", "c#", "c++", "cpp", "csharp", "css", "csv", "diff", "dockerfile", "fortran", "go"),
        *(
            "haskell",
            "html",
            "ini",
            "java",
            "javascript",
            "js",
            "json",
            "julia",
            "jsx",
            "kotlin",
            "latex",
            "lisp",
            "lua",
        ),
        *("makefile", "markdown", "math", "matlab", "md", "mermaid", "perl", "php", "plaintext", "powershell", "py"),
        *("python", "r", "ruby", "rust", "scala", "sh", "shell", "sql", "swift", "tex", "text", "toml", "ts", "tsx"),
        *("txt", "typescript", "verilog", "vhdl", "xml", "yaml", "yml"),
    }
)
"""What a model writes behind the first fence to name the language; anything else there is words of the page."""

_FENCED = re.compile(r" {0,3}(?:`{3,}|~{3,})[^\n]*\n(?:.*\n)? {0,3}(?:`{3,}|~{3,})[ \t]*", re.DOTALL)
_FIRST_LINE = re.compile(r"( {0,3}(?:`{3,}|~{3,}))([^\n]*)")


def is_fenced(code: str) -> bool:
    """Whether code begins and ends with a line that is a fence, so that it needs lines of its own."""
    return _FENCED.fullmatch(code) is not None


def with_clear_fence(code: str) -> str:
    """Fenced code with its first words inside, where they name no language: behind the fence they are not shown."""
    first = _FIRST_LINE.match(code)
    if first is None or not first[2].strip() or first[2].strip().lower() in LANGUAGES or not is_fenced(code):
        return code
    return f"{first[1]}\n{first[2].strip()}{code[first.end() :]}"
