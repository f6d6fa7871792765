"""What no sentence for people has in it."""

from __future__ import annotations

import re

FAULTS = re.compile(r"  |\(\)|\( | \)|\"\"|[{}]| [.,;:]|: ?[.,;:]|[.?!]\.|\.\.|\bNone\b")
"""What is left of a sentence when a field was empty, or came with a full stop of its own."""
