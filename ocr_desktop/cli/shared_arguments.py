"""The options that several commands have: what is asked, of which engine, and where the result goes."""

from __future__ import annotations

import argparse

from ocr_desktop.cli.values import count, seconds, text, tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ocr_desktop.cli.parser import Parser

PRESETS = ("markdown", "ocr", "free", "figure", "describe", "locate")
FORMATS = ("md", "txt", "json", "raw")
ENDINGS = (".md", ".txt", ".json", ".raw.txt")
"""Of files in these formats, in their order."""
USUAL_FORMAT = "md"
TABLE_STYLES = ("auto", "pipes", "html")
FORMULA_STYLES = ("dollars", "brackets")
EMBEDDED = "embedded"
STANDARD_STREAM = "-"
EXIT_CODES = """\
exit codes: 0 done, 1 a bug, 2 bad usage, 3 an input cannot be read or an output cannot be written, 4 the engine
refused or cannot be reached, 5 the answer is incomplete, 6 some of several inputs failed, 130 interrupted
"""


class OutputArguments(argparse.Namespace):
    """What every command has that writes a reading.

    `preset` is one of the six or a saved prompt's id, and None where it was not given; `output` is None for standard
    output; `tables` and `formulas` are None where the settings say.
    """

    preset: str | None
    format: str
    output: str | None
    tables: str | None
    formulas: str | None
    quiet: bool
    verbose: bool


class QuestionArguments(OutputArguments):
    """What `read` and `parse` share; `prompt` stands in for the preset's own."""

    prompt: str | None


class EngineArguments(argparse.Namespace):
    """`timeout` and `retries` are None where the settings say how long and how often."""

    base_url: str | None
    model: str | None
    timeout: float | None
    retries: int | None
    max_tokens: int | None
    offline: bool


def add_engine(parser: Parser, engine_help: str, *, default: str | None) -> None:
    """Add the options that say which engine, and how it is asked."""
    engine = parser.add_argument_group("engine")
    engine.add_argument("--engine", default=default, metavar="ID", help=engine_help)
    engine.add_argument("--base-url", type=text, metavar="URL", help="instead of the engine's own, for this call")
    engine.add_argument("--model", type=text, metavar="NAME", help="instead of the engine's own, for this call")
    engine.add_argument("--offline", action="store_true", help="no request to any endpoint, whatever is asked")
    engine.add_argument(
        "--timeout", type=seconds, metavar="SECONDS", help="longest silence of an endpoint (as in the settings: 120)"
    )
    engine.add_argument(
        "--retries",
        type=count,
        metavar="N",
        help="requests after a failed one, before the first word (as in the settings: 2)",
    )
    engine.add_argument("--max-tokens", type=tokens, metavar="N", help="of an answer (the engine's own)")


def add_question(parser: Parser) -> None:
    """Add the options that say what is asked."""
    presets = ", ".join(PRESETS)
    parser.add_argument(
        "--preset",
        type=text,
        metavar="ID",
        help=f"what to ask: {presets} (default: markdown), or the id of a prompt that was saved in the window",
    )
    parser.add_argument("--prompt", type=text, metavar="TEXT", help="a prompt of your own, sent as it is")


def add_output(parser: Parser, output_help: str, *, styles_as_in_settings: bool = False) -> None:
    """Add the options that say where the result goes, and in which form; what was not said may be in the settings."""
    usual = ("as in the settings",) * 2 if styles_as_in_settings else ("auto", "dollars")
    output = parser.add_argument_group("output")
    output.add_argument(
        "--format", choices=FORMATS, metavar="ID", help=f"{', '.join(FORMATS)} (as --output ends, else md)"
    )
    output.add_argument("-o", "--output", metavar="PATH", help=output_help)
    output.add_argument(
        "--tables",
        choices=TABLE_STYLES,
        default=None if styles_as_in_settings else "auto",
        metavar="STYLE",
        help=f"in Markdown: auto (pipes, or HTML where cells span others), pipes, html ({usual[0]})",
    )
    output.add_argument(
        "--formulas",
        choices=FORMULA_STYLES,
        default=None if styles_as_in_settings else "dollars",
        metavar="STYLE",
        help=f"in Markdown: dollars ($x$) or brackets (\\(x\\)) ({usual[1]})",
    )
    output.add_argument("-q", "--quiet", action="store_true", help="say nothing but errors")
    output.add_argument("-v", "--verbose", action="store_true", help="tell more of what is done, on standard error")


def check_prompt(parser: Parser, arguments: QuestionArguments) -> None:
    """See that what is asked is said once."""
    if arguments.prompt is not None and arguments.preset not in (None, *PRESETS):
        parser.error(f"--prompt does not go with --preset {arguments.preset}, which is a prompt itself")


def check_output(parser: Parser, arguments: OutputArguments) -> None:
    """See that the output has a name, and find its format where none was said."""
    if arguments.output == "":
        parser.error("--output needs a name")
    if arguments.output == STANDARD_STREAM:
        arguments.output = None
    # argparse leaves None, which nobody else has to think of.
    arguments.format = arguments.format or _format_of(arguments.output or "")


def check_endpoint(parser: Parser, engine: str | None, **for_endpoints: object) -> None:
    """See that what only an endpoint takes is not asked of this computer; by option, `None` where it was not given."""
    for option, given in for_endpoints.items():
        if engine in (None, EMBEDDED) and given is not None:
            name = option.replace("_", "-")
            parser.error(f"--{name} is for an endpoint: name one with --engine, such as --engine custom")


def _format_of(output: str) -> str:
    """The format that a file's name ends in; `.raw.txt` ends in `.txt` too."""
    fitting = [pair for pair in zip(ENDINGS, FORMATS, strict=True) if output.lower().endswith(pair[0])]
    return max(fitting, key=lambda pair: len(pair[0]))[1] if fitting else USUAL_FORMAT
