"""The window's words for every error: what happened, why, what to do next."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from ocr_desktop.core.errors import ErrorCode


@dataclass(frozen=True, slots=True)
class ErrorWording:
    """An error in three parts; in the table each is a template for the error's fields.

    Beside the fields there are `{said}`, the server's status and its own words in brackets, and `{answered}`, the same
    as a sentence; both are empty where there are neither.

    Attributes:
        title: What happened, in one short sentence.
        why: The explanation; may be empty.
        hint: What to do; may be empty.
    """

    title: str
    why: str
    hint: str

    @property
    def whole(self) -> str:
        """All three parts in one line."""
        return " ".join(part for part in (self.title, self.explanation) if part)

    @property
    def explanation(self) -> str:
        """What stands below the title."""
        return " ".join(part for part in (self.why, self.hint) if part)


def error_wordings() -> dict[ErrorCode, ErrorWording]:
    """The whole table, in the language that is set."""
    kinds = (_of_usage, _of_files, _of_pdfs, _of_downloads, _of_the_screen, _of_access, _of_refusals, _of_wires)
    return {code: wording for kind in (*kinds, _of_this_computer) for code, wording in kind().items()}


def _of_usage() -> dict[ErrorCode, ErrorWording]:
    translate = QCoreApplication.translate
    return {
        ErrorCode.UNKNOWN_ENGINE: ErrorWording(
            translate("messages", "There is no engine “{engine}” any more."),
            "",
            translate("messages", "Choose another."),
        ),
        ErrorCode.NOTHING_TO_LOCATE: ErrorWording(
            translate("messages", "Type what to look for into the Locate box, then press Enter."), "", ""
        ),
        ErrorCode.PRESET_UNSUPPORTED: ErrorWording(
            translate("messages", "The engine “{engine}” cannot do this."),
            "",
            translate("messages", "Choose another preset, or another engine."),
        ),
        ErrorCode.OUTPUT_NEEDS_FOLDER: ErrorWording(
            translate("messages", "Several results need a folder."), "", translate("messages", "Choose one.")
        ),
        ErrorCode.PROFILE_INCOMPLETE: ErrorWording(
            translate("messages", "The engine “{engine}” is not set up."),
            translate("messages", "Its {missing} is missing or not usable{said}."),
            translate("messages", "Complete it in the settings."),
        ),
        ErrorCode.OUTPUT_UNWRITABLE: ErrorWording(
            translate("messages", "“{name}” cannot be written."),
            translate("messages", "The system says: {reason}."),
            translate("messages", "Choose another place."),
        ),
    }


def _of_files() -> dict[ErrorCode, ErrorWording]:
    translate = QCoreApplication.translate
    return {
        ErrorCode.FILE_MISSING: ErrorWording(
            translate("messages", "“{name}” is not there."),
            "",
            translate("messages", "Check its name and folder."),
        ),
        ErrorCode.BROKEN_LINK: ErrorWording(
            translate("messages", "“{name}” is a link that leads nowhere, or in a circle."),
            "",
            translate("messages", "Choose the file itself."),
        ),
        ErrorCode.NOT_A_FILE: ErrorWording(
            translate("messages", "“{name}” is no file but a folder, pipe or device."),
            "",
            translate("messages", "Choose a picture file."),
        ),
        ErrorCode.NO_PERMISSION: ErrorWording(
            translate("messages", "You may not read “{name}”."), "", translate("messages", "Change its permissions.")
        ),
        ErrorCode.FILE_EMPTY: ErrorWording(
            translate("messages", "“{name}” is empty."), "", translate("messages", "Save or copy the picture again.")
        ),
        ErrorCode.FILE_TOO_LARGE: ErrorWording(
            translate("messages", "“{name}” is larger than {limit_megabytes} MB."),
            "",
            translate("messages", "Choose a smaller file."),
        ),
        ErrorCode.FILE_UNREADABLE: ErrorWording(
            translate("messages", "“{name}” could not be read{said}."),
            "",
            translate("messages", "Check the disk or the network."),
        ),
        ErrorCode.NOT_TEXT: ErrorWording(
            translate("messages", "“{name}” is not UTF-8 text."),
            "",
            translate("messages", "Choose the answer as it was saved."),
        ),
        ErrorCode.NOT_A_PICTURE: ErrorWording(
            translate("messages", "“{name}” is no picture that can be read."),
            "",
            translate("messages", "Choose a PDF or a PNG, JPEG, WebP, BMP, GIF, TIFF, HEIC or AVIF file."),
        ),
        ErrorCode.PICTURE_TOO_LARGE: ErrorWording(
            translate("messages", "“{name}” has {width} × {height} pixels: too many."),
            translate("messages", "At most {limit_megapixels} megapixels are taken, fewer where memory is short."),
            translate("messages", "Scale it down first, or allow more in the settings."),
        ),
        ErrorCode.PICTURE_UNSUPPORTED: ErrorWording(
            translate("messages", "The kind of picture in “{name}” cannot be read."),
            "",
            translate("messages", "Save it as a PNG, with 8 bits for each colour."),
        ),
        ErrorCode.PICTURE_DAMAGED: ErrorWording(
            translate("messages", "The picture in “{name}” is damaged."),
            "",
            translate("messages", "Save or copy it again."),
        ),
        ErrorCode.FOLDER_EMPTY: ErrorWording(
            translate("messages", "There is no picture and no PDF in “{name}”."),
            "",
            translate("messages", "Choose another folder; the settings say whether those in it are opened too."),
        ),
        ErrorCode.PICTURE_CHANGED: ErrorWording(
            translate("messages", "“{name}” changed while it was read."), "", translate("messages", "Try again.")
        ),
    }


def _of_pdfs() -> dict[ErrorCode, ErrorWording]:
    translate = QCoreApplication.translate
    return {
        ErrorCode.PASSWORD_NEEDED: ErrorWording(
            translate("messages", "“{name}” is locked."),
            translate("messages", "Its password is asked for each time and never saved."),
            translate("messages", "Enter the password."),
        ),
        ErrorCode.PASSWORD_WRONG: ErrorWording(
            translate("messages", "This password does not open “{name}”."),
            translate("messages", "Large and small letters count."),
            translate("messages", "Enter it again."),
        ),
        ErrorCode.PDF_DAMAGED: ErrorWording(
            translate("messages", "The PDF “{name}” is damaged."), "", translate("messages", "Save or copy it again.")
        ),
        ErrorCode.NO_PAGES: ErrorWording(
            translate("messages", "“{name}” has no pages."), "", translate("messages", "Choose another file.")
        ),
        ErrorCode.PAGES_MISSING: ErrorWording(
            translate("messages", "“{name}” does not have this page."),
            "",
            translate("messages", "It may have changed; open it again."),
        ),
    }


def _of_downloads() -> dict[ErrorCode, ErrorWording]:
    translate = QCoreApplication.translate
    return {
        ErrorCode.DOWNLOAD_NOT_ASKED: ErrorWording(
            translate("messages", "“{name}” is a link, and nothing was fetched."),
            "",
            translate("messages", "Drop the link, and say that the picture shall be downloaded."),
        ),
        ErrorCode.DOWNLOAD_FAILED: ErrorWording(
            translate("messages", "The picture could not be fetched from {name}."),
            translate("messages", "The reason: {reason}."),
            translate("messages", "Save it in the browser, and open the file."),
        ),
        ErrorCode.DOWNLOAD_TOO_LARGE: ErrorWording(
            translate("messages", "What {name} sends is larger than {limit_megabytes} MB."),
            "",
            translate("messages", "Save it in the browser, and open the file."),
        ),
    }


def _of_the_screen() -> dict[ErrorCode, ErrorWording]:
    translate = QCoreApplication.translate
    return {
        ErrorCode.CAPTURE_CANCELLED: ErrorWording(
            translate("messages", "The capture was cancelled."), "", translate("messages", "Nothing was read.")
        ),
        ErrorCode.CAPTURE_DENIED: ErrorWording(
            translate("messages", "The desktop does not allow pictures of the screen."),
            "",
            translate("messages", "Allow them for this program in the desktop's privacy settings."),
        ),
        ErrorCode.CAPTURE_SILENT: ErrorWording(
            translate("messages", "The desktop was asked for a picture of the screen and did not answer."),
            "",
            translate("messages", "Try again; a question of the desktop may be hidden behind a window."),
        ),
        ErrorCode.CAPTURE_UNAVAILABLE: ErrorWording(
            translate("messages", "This desktop gives out no pictures of the screen."),
            translate("messages", "On Wayland the service xdg-desktop-portal does so, with a part for the desktop."),
            translate("messages", "Install it, or take the picture with the desktop's own program and paste it."),
        ),
        ErrorCode.CAPTURE_BLANK: ErrorWording(
            translate("messages", "The picture of the screen that came is blank."),
            "",
            translate("messages", "Take it with the desktop's own program and paste it."),
        ),
        ErrorCode.SCREEN_MISSING: ErrorWording(
            translate("messages", "There is no screen {number}; there are {count}."),
            "",
            translate("messages", "Choose another."),
        ),
        ErrorCode.REGION_OUTSIDE: ErrorWording(
            translate("messages", "The region {region} lies on no screen."),
            translate("messages", "The screens are {screens}."),
            translate("messages", "Choose another."),
        ),
        ErrorCode.CAPTURE_BUSY: ErrorWording(
            translate("messages", "Something is being selected on the screen for another capture."),
            "",
            translate("messages", "Select it, or cancel that with Esc, first."),
        ),
    }


def _of_access() -> dict[ErrorCode, ErrorWording]:
    """Keys, accounts, and what this program refuses by itself."""
    translate = QCoreApplication.translate
    return {
        ErrorCode.KEY_MISSING: ErrorWording(
            translate("messages", "{engine} needs a key."),
            translate("messages", "Without one it reads nothing."),
            translate(
                "messages",
                "Enter it in the settings, or set the environment variable {variable} and start the program again.",
            ),
        ),
        ErrorCode.KEY_UNUSABLE: ErrorWording(
            translate("messages", "What stands there as the key of {engine} is none; nothing was sent."),
            translate("messages", "It has letters that no key has."),
            translate("messages", "Copy the key again. One in the environment variable {variable} goes before all."),
        ),
        ErrorCode.KEY_REFUSED: ErrorWording(
            translate("messages", "{host} refused the key."),
            "{answered}",
            translate("messages", "Enter another key. One in the environment variable {variable} goes before all."),
        ),
        ErrorCode.QUOTA_EXCEEDED: ErrorWording(
            translate("messages", "Your account at {host} has nothing left."),
            "{answered}",
            translate("messages", "Check it there."),
        ),
        ErrorCode.HOST_INSECURE: ErrorWording(
            translate("messages", "Plain http:// to {host} is not safe; nothing was sent."),
            translate("messages", "Others on the way could read the picture and the key."),
            translate(
                "messages", "Use an https:// address, or allow it for this engine if the network is your own alone."
            ),
        ),
        ErrorCode.OFFLINE: ErrorWording(
            translate("messages", "“Stay offline” is on, so nothing was sent to {host}."),
            "",
            translate("messages", "Switch it off, or read on this computer."),
        ),
    }


def _of_refusals() -> dict[ErrorCode, ErrorWording]:
    """What a server said no to."""
    translate = QCoreApplication.translate
    return {
        ErrorCode.ADDRESS_WRONG: ErrorWording(
            translate("messages", "{host} answers, but not at this address."),
            "{answered}",
            translate("messages", "Check the base URL; most end in /v1."),
        ),
        ErrorCode.MODEL_MISSING: ErrorWording(
            translate("messages", "{host} has no model “{model}” at this address."),
            "{answered}",
            translate("messages", "Check the model and the address."),
        ),
        ErrorCode.TOO_MANY_REQUESTS: ErrorWording(
            translate("messages", "{host} takes no more requests for now."),
            "{answered}",
            translate("messages", "Wait a while{patience}."),
        ),
        ErrorCode.REQUEST_TOO_LARGE: ErrorWording(
            translate("messages", "The picture is too large for {host}."),
            "{answered}",
            translate("messages", "Let a smaller one be sent; the engine's settings say how large."),
        ),
        ErrorCode.REQUEST_REFUSED: ErrorWording(
            translate("messages", "{host} refused the request."),
            "{answered}",
            translate("messages", "A test of the connection may show what it does not like."),
        ),
        ErrorCode.SERVER_FAILED: ErrorWording(
            translate("messages", "{host} failed."), "{answered}", translate("messages", "Try again later.")
        ),
        ErrorCode.ANSWER_UNREADABLE: ErrorWording(
            translate("messages", "The answer of {host} cannot be understood."),
            "{answered}",
            translate(
                "messages",
                "Is its address that of an OpenAI-compatible server, and does the network let you in without a login?",
            ),
        ),
    }


def _of_wires() -> dict[ErrorCode, ErrorWording]:
    """What happened on the way to a server and back."""
    translate = QCoreApplication.translate
    return {
        ErrorCode.HOST_UNREACHABLE: ErrorWording(
            translate("messages", "{host} cannot be reached."),
            translate("messages", "Nothing there takes a connection{said}."),
            translate("messages", "Check the address and the network; is the server running?"),
        ),
        ErrorCode.HOST_UNKNOWN: ErrorWording(
            translate("messages", "No computer named {host} is known."),
            "",
            translate("messages", "Check the address, and whether this computer is online."),
        ),
        ErrorCode.HOST_UNTRUSTED: ErrorWording(
            translate("messages", "The certificate does not show that this is {host}."),
            translate("messages", "Nothing was sent{said}."),
            translate("messages", "Check the address and the clock of this computer."),
        ),
        ErrorCode.HOST_SILENT: ErrorWording(
            translate("messages", "{host} sent nothing for {seconds} s."),
            "",
            translate("messages", "Try again; the settings say how long to wait."),
        ),
        ErrorCode.HOST_REDIRECTS: ErrorWording(
            translate("messages", "{host} redirects to {to}."),
            translate("messages", "The picture went nowhere else."),
            translate("messages", "Check the address."),
        ),
        ErrorCode.CONNECTION_LOST: ErrorWording(
            translate("messages", "The connection to {host} broke off{said}."), "", translate("messages", "Try again.")
        ),
    }


def _of_this_computer() -> dict[ErrorCode, ErrorWording]:
    translate = QCoreApplication.translate
    return {
        ErrorCode.PICTURE_SHAPE: ErrorWording(
            translate("messages", "This computer cannot read so long and narrow a picture ({width} × {height})."),
            "",
            translate("messages", "Cut it into parts."),
        ),
        ErrorCode.NO_SPACE: ErrorWording(
            translate("messages", "The temporary folder has no room for the picture."),
            "",
            translate("messages", "Free some space there."),
        ),
        ErrorCode.WEIGHTS_MISSING: ErrorWording(
            translate("messages", "The files of the embedded engine are missing or changed ({file})."),
            "",
            translate("messages", "Install the program again."),
        ),
        ErrorCode.WORKER_CRASHED: ErrorWording(
            translate("messages", "The process that worked on this picture ended."),
            translate("messages", "Its end was: {reason}."),
            translate("messages", "Try again, or a smaller picture."),
        ),
        ErrorCode.WORKER_SILENT: ErrorWording(
            translate("messages", "This picture took longer than {seconds} s."),
            "",
            translate("messages", "Try again, or a smaller picture."),
        ),
    }
