"""`ocr-desktop doctor`: checks what the program needs of this computer, and says what is wrong."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from ocr_desktop import __version__
from ocr_desktop.cli.checks import (
    embedded_finding,
    engine_findings,
    keyring_finding,
    place_findings,
    program_findings,
)
from ocr_desktop.cli.engines import KEYRING_PATIENCE_S
from ocr_desktop.cli.findings import State
from ocr_desktop.cli.window_checks import window_findings
from ocr_desktop.core.files import printable
from ocr_desktop.services.context import AppContext

if TYPE_CHECKING:
    from ocr_desktop.cli.arguments import DoctorArguments
    from ocr_desktop.cli.console import Console
    from ocr_desktop.cli.findings import Finding

SCHEMA = "ocr-desktop/doctor/1"
EXIT_HINDERED = 3


async def examine(arguments: DoctorArguments, console: Console) -> int:
    """Look at everything in turn; the exit code tells whether something hinders the program."""
    context = AppContext()
    context.credentials.patience_s = KEYRING_PATIENCE_S
    try:
        computer = (*program_findings(), *await window_findings())
        places = tuple(place_findings(context))
        engines = (await embedded_finding(context), *await engine_findings(context))
        findings = (*computer, *places, await keyring_finding(context), *engines)
    finally:
        await context.close()
    console.write(_as_json(findings) if arguments.json else _as_text(findings))
    return EXIT_HINDERED if _problems(findings) else 0


def _as_json(findings: tuple[Finding, ...]) -> str:
    import msgspec

    report = {"schema": SCHEMA, "version": __version__, "findings": [asdict(finding) for finding in findings]}
    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n"


def _as_text(findings: tuple[Finding, ...]) -> str:
    states = max(len(state) for state in State)
    checks = max(len(finding.check) for finding in findings)
    lines = []
    for finding in findings:
        words = f"{finding.message}. {finding.hint}." if finding.hint else f"{finding.message}."
        lines.append(printable(f"{finding.state.ljust(states)}  {finding.check.ljust(checks)}  {words}"))
    return "\n".join((*lines, "", _summary(findings))) + "\n"


def _summary(findings: tuple[Finding, ...]) -> str:
    problems = _problems(findings)
    if not problems:
        return "Nothing hinders the program. Whether an endpoint answers was not tried: nothing was sent."
    return f"What hinders the program: {', '.join(dict.fromkeys(finding.check for finding in problems))}."


def _problems(findings: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in findings if finding.state is State.PROBLEM]
