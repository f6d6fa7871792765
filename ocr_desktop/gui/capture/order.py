"""What is asked of which engine for one capture: the settings, with what was said for this capture alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocr_desktop.core.capture_kinds import CaptureKind, preset_of
from ocr_desktop.core.errors import EngineError, ErrorCode, UsageError
from ocr_desktop.core.markdown_style import FormulaStyle, MarkdownStyle, TableStyle
from ocr_desktop.core.presets import PresetId
from ocr_desktop.engines.base import EMBEDDED_ENGINE, EngineKind
from ocr_desktop.services.questions import Question, questions_for

if TYPE_CHECKING:
    from ocr_desktop.engines.base import Engine, EngineDescription
    from ocr_desktop.gui.capture.options import CaptureOptions
    from ocr_desktop.services.context import AppContext
    from ocr_desktop.services.settings import Settings

USUAL_KIND = CaptureKind.MARKDOWN


@dataclass(frozen=True, slots=True)
class Order:
    """One capture's engine, and what is made of the picture.

    Attributes:
        engine: As it is described before it is made.
        is_engine_named: It was named for this capture: who did has said that the picture may go there.
        kind: What is made of the picture, unless another letter is pressed.
    """

    options: CaptureOptions
    settings: Settings
    engine: EngineDescription
    is_engine_named: bool
    kind: CaptureKind

    @property
    def kinds(self) -> tuple[CaptureKind, ...]:
        """What this engine can make."""
        return tuple(kind for kind in CaptureKind if self._usual_preset(kind, self.engine) is not None)

    @property
    def style(self) -> MarkdownStyle:
        return style_of(self.options, self.settings)

    def question(self, kind: CaptureKind, engine: EngineDescription) -> tuple[PresetId, tuple[Question, ...]]:
        """What is asked of an engine for a kind; where it cannot do that, what comes nearest."""
        options = self.options
        is_as_ordered = kind is self.kind and engine == self.engine
        if is_as_ordered and options.preset is not None:
            preset = PresetId(options.preset)
            return preset, questions_for(preset, prompt=options.prompt)
        preset = self._usual_preset(kind, engine) or PresetId.MARKDOWN
        return preset, questions_for(preset)

    async def made_engine(self, context: AppContext, description: EngineDescription) -> Engine:
        """The engine itself.

        Raises:
            OcrDesktopError: As `Catalogue.engine`; OFFLINE also where this capture alone was to stay here.
        """
        if description.host is None:
            return await context.catalogue.engine(description.id)
        if self.options.is_offline:
            raise EngineError(ErrorCode.OFFLINE, engine=description.title, host=description.host)
        options = self.options
        return await context.catalogue.engine(description.id, base_url=options.base_url, model=options.model)

    @staticmethod
    def _usual_preset(kind: CaptureKind, engine: EngineDescription) -> PresetId | None:
        return preset_of(kind, engine.presets, reads_lines_only=engine.kind is EngineKind.EMBEDDED)


def order_of(options: CaptureOptions, settings: Settings, context: AppContext) -> Order:
    """What one capture is to be.

    Raises:
        UsageError: UNKNOWN_ENGINE, PROFILE_INCOMPLETE; PRESET_UNSUPPORTED: the engine cannot do what was asked for.
    """
    engine = _engine_of(options, settings, context)
    wanted = options.kind or _kind_of_preset(options.preset) or settings.capture_kind
    kind = CaptureKind(wanted) if wanted in list(CaptureKind) else USUAL_KIND
    order = Order(options, settings, engine, options.engine is not None, kind)
    is_embedded = engine.kind is EngineKind.EMBEDDED
    if options.preset is not None:
        if options.preset not in engine.presets or (options.prompt is not None and is_embedded):
            raise UsageError(ErrorCode.PRESET_UNSUPPORTED, preset=options.preset, engine=engine.id)
        return order
    if kind in order.kinds:
        return order
    if options.kind is not None:
        raise UsageError(ErrorCode.PRESET_UNSUPPORTED, preset=kind, engine=engine.id)
    return Order(options, settings, engine, order.is_engine_named, USUAL_KIND)


def style_of(options: CaptureOptions, settings: Settings) -> MarkdownStyle:
    """The form of Markdown of one capture."""
    usual = settings.markdown_style
    return MarkdownStyle(
        usual.tables if options.tables is None else TableStyle(options.tables),
        usual.formulas if options.formulas is None else FormulaStyle(options.formulas),
    )


def _engine_of(options: CaptureOptions, settings: Settings, context: AppContext) -> EngineDescription:
    if options.engine is not None:
        return context.catalogue.describe(options.engine, base_url=options.base_url, model=options.model)
    try:
        return context.catalogue.describe(settings.capture_engine, base_url=options.base_url, model=options.model)
    except UsageError as error:
        if error.code is not ErrorCode.UNKNOWN_ENGINE:
            raise
        # It was removed since it was chosen; nothing leaves this computer for that.
        return EMBEDDED_ENGINE


def _kind_of_preset(preset: str | None) -> CaptureKind | None:
    """The form of a capture whose preset was named: words without layout come as words."""
    if preset is None:
        return None
    return CaptureKind.TEXT if preset == PresetId.FREE else USUAL_KIND
