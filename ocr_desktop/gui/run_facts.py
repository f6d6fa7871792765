"""What a window says of a run: a short line for the foot, a line for the chooser, and everything that is known."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from ocr_desktop.core.document import Cost, Finish, Run
from ocr_desktop.core.presets import PresetId
from ocr_desktop.gui.controls import preset_name
from ocr_desktop.gui.messages import finish_text

SIGNIFICANT = 2
"""Figures of a cost that are shown at least."""
LEAST_DECIMALS, MOST_DECIMALS = 2, 8


def run_line(run: Run) -> str:
    """Who read, and how long it took."""
    facts = [_place(run), _seconds_text(run)]
    if run.finish is not Finish.COMPLETE:
        facts.insert(0, QCoreApplication.translate("RunFacts", "incomplete"))
    return " · ".join(facts)


def run_label(run: Run) -> str:
    """A run in one line, to choose it among others."""
    translate = QCoreApplication.translate
    facts = [preset_name(PresetId(run.preset)), _place(run), f"{run.started.astimezone():%H:%M:%S}"]
    if run.view.crop is not None:
        facts.insert(1, translate("RunFacts", "a part"))
    mark = "" if run.finish is Finish.COMPLETE else translate("RunFacts", " (incomplete)")
    return f"{' · '.join(facts)}{mark}"


def run_details(run: Run, engine: str) -> str:
    """Everything that is known of a run, a line each; `engine` is the engine's title."""
    translate = QCoreApplication.translate
    lines = [translate("RunFacts", "Engine: %1").replace("%1", engine)]
    if run.model:
        lines.append(translate("RunFacts", "Model: %1").replace("%1", run.model))
    lines.append(translate("RunFacts", "Host: %1").replace("%1", _place(run)))
    lines.append(translate("RunFacts", "Preset: %1").replace("%1", preset_name(PresetId(run.preset))))
    started = f"{run.started.astimezone():%Y-%m-%d %H:%M:%S}"
    lines.append(translate("RunFacts", "Started: %1").replace("%1", started))
    lines.append(translate("RunFacts", "Time: %1").replace("%1", _seconds_text(run)))
    if run.usage is not None:
        tokens = translate("RunFacts", "Tokens: %1 for picture and prompt, %2 for the answer")
        tokens = tokens.replace("%1", str(run.usage.prompt_tokens)).replace("%2", str(run.usage.completion_tokens))
        lines.append(tokens)
    if run.cost is not None:
        lines.append(translate("RunFacts", "Cost: %1").replace("%1", cost_text(run.cost)))
    lines.append(translate("RunFacts", "End: %1").replace("%1", finish_text(run.finish)))
    return "\n".join(lines)


def cost_text(cost: Cost) -> str:
    """What a reading cost by the provider's list; small sums keep two figures that say something."""
    if cost.amount == 0:
        return QCoreApplication.translate("RunFacts", "free")
    decimals = LEAST_DECIMALS
    while decimals < MOST_DECIMALS and round(cost.amount * 10**decimals) < 10 ** (SIGNIFICANT - 1):
        decimals += 1
    return f"{QLocale().toString(cost.amount, 'f', decimals)} {cost.currency}"


def _place(run: Run) -> str:
    return QCoreApplication.translate("RunFacts", "this computer") if run.host is None else run.host


def _seconds_text(run: Run) -> str:
    return QCoreApplication.translate("RunFacts", "%1 s").replace("%1", f"{run.seconds:.1f}")
