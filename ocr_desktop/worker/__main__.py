"""Where a worker process begins: `python -m ocr_desktop.worker ROLE DESCRIPTOR`; frozen: `--worker ROLE DESCRIPTOR`.

Started by the program alone. DESCRIPTOR is that of the pixel store, which the process inherits.
"""

from __future__ import annotations

import sys
from typing import NoReturn


def main(arguments: list[str]) -> NoReturn:
    """Serve until the input ends; `arguments` are the role and the descriptor."""
    from ocr_desktop.worker.process import serve
    from ocr_desktop.worker.roles import Role

    role, descriptor = arguments
    serve(Role(role), int(descriptor))


if __name__ == "__main__":
    main(sys.argv[1:])
