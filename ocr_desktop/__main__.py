"""Looks at the arguments and goes to one face: the window, the command line, or a worker's loop."""

from __future__ import annotations

import sys


def main() -> int:
    """Start the program as the arguments say; the exit code is the answer."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["--worker"]:
        from ocr_desktop.worker.__main__ import main as serve

        return serve(arguments[1:])

    from ocr_desktop.cli.arguments import WindowArguments, parse_arguments
    from ocr_desktop.cli.capture_arguments import CaptureArguments

    parsed = parse_arguments(arguments)
    if isinstance(parsed, WindowArguments):
        import gc

        # Nothing that is loaded now becomes garbage; the window collects by itself later.
        gc.disable()
        from ocr_desktop.gui.application import run_window
        from ocr_desktop.gui.ending import end_at_once

        end_at_once(run_window(parsed.files, snapshot=parsed.snapshot, offline=parsed.offline))

    if isinstance(parsed, CaptureArguments):
        from ocr_desktop.cli.run import run_capture
        from ocr_desktop.gui.capture.process import run_capture as capture

        return run_capture(parsed, capture)

    from ocr_desktop.cli.run import run_command

    return run_command(parsed)


if __name__ == "__main__":
    sys.exit(main())
