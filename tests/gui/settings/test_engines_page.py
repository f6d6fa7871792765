"""Adding, changing, ordering and removing engines in the dialog."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)

from ocr_desktop.core import resources
from ocr_desktop.services.settings import Settings
from tests.gui.settings.opened import opened
from tests.support.window import add_profile

ALT = Qt.KeyboardModifier.AltModifier
MODELVERSE, PPIO, VLLM = "UCloud Modelverse", "PPIO", "vLLM"
THIS_COMPUTER = "This computer (offline)"
THREE = Settings(engines=("modelverse", "ppio", "vllm"))


def own_files(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "engines").glob("*")) if (folder / "engines").exists() else []


def own_profile(folder: Path, engine_id: str) -> dict[str, object]:
    return tomllib.loads((folder / "engines" / f"{engine_id}.toml").read_text("utf-8"))


async def test_engines_stand_in_the_users_order_below_this_computer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PPIO_API_KEY", "of-the-environment")
    add_profile(tmp_path, "http://localhost:9/v1", "ollama")
    async with opened(tmp_path, Settings(engines=("vllm", "modelverse"))) as dialog:
        assert dialog.engines == [THIS_COMPUTER, VLLM, MODELVERSE, PPIO, "Ollama"]
        assert not dialog.dialog.is_changed


async def test_an_engine_is_added_from_the_menu_and_is_in_the_settings_then(tmp_path: Path) -> None:
    async with opened(tmp_path, Settings(engines=("vllm",))) as dialog:
        offered = dialog.choices()
        assert MODELVERSE in offered
        assert VLLM not in offered
        assert offered[-2:] == ["Other server", "From a &file…"]
        dialog.add(MODELVERSE)
        assert dialog.engines == [THIS_COMPUTER, VLLM, MODELVERSE]
        assert dialog.find(QLineEdit, "base_url_edit").text() == "https://api.modelverse.cn/v1"
        settings = await dialog.save()
    assert settings is not None
    assert settings.engines == ("vllm", "modelverse")
    assert own_files(tmp_path) == []


async def test_another_server_needs_its_address_and_model_before_it_is_kept(tmp_path: Path) -> None:
    async with opened(tmp_path) as dialog:
        dialog.add("Other server")
        assert QApplication.focusWidget() is dialog.find(QLineEdit, "base_url_edit")
        assert await dialog.save() is None
        assert dialog.note("base_url_edit").startswith("Type the address of the server")
        dialog.type_into("base_url_edit", "localhost:8000")
        assert "not the address of a web server" in dialog.note("base_url_edit")
        dialog.type_into("base_url_edit", "https://localhost:8000/v1")
        assert dialog.note("base_url_edit") == ""
        assert await dialog.save() is None
        assert "server's name of the model" in dialog.note("model_box")
        dialog.type_into("model_box", "deepseek-ocr")
        dialog.type_into("profile_title_edit", "研究所的服务器")
        assert dialog.engines[-1] == "研究所的服务器"
        assert await dialog.save() is not None
    kept = own_profile(tmp_path, "custom")
    assert (kept["title"], kept["base_url"], kept["model"]) == (
        "研究所的服务器",
        "https://localhost:8000/v1",
        "deepseek-ocr",
    )


async def test_errors_are_told_when_a_field_is_left_and_not_before(tmp_path: Path) -> None:
    async with opened(tmp_path, THREE) as dialog:
        dialog.choose(VLLM)
        edit = dialog.find(QLineEdit, "profile_title_edit")
        edit.setFocus()
        edit.clear()
        assert dialog.note("profile_title_edit") == ""
        dialog.press(Qt.Key.Key_Tab)
        assert dialog.note("profile_title_edit").startswith("Type a title")
        edit.setFocus()
        dialog.press(Qt.Key.Key_X)
        assert dialog.note("profile_title_edit") == ""


async def test_a_pasted_address_of_the_completions_is_shortened_and_that_is_said(tmp_path: Path) -> None:
    async with opened(tmp_path, THREE) as dialog:
        dialog.choose(VLLM)
        dialog.paste_into("base_url_edit", "https://gpu.invalid:8000/v1/chat/completions")
        assert dialog.find(QLineEdit, "base_url_edit").text() == "https://gpu.invalid:8000/v1"
        assert dialog.note("base_url_edit") == "The address of the completions was shortened to its base."


async def test_plain_http_to_another_machine_is_a_switch_that_says_what_it_means(tmp_path: Path) -> None:
    async with opened(tmp_path, THREE) as dialog:
        dialog.choose(VLLM)
        assert not dialog.is_shown("http_box")
        dialog.type_into("base_url_edit", "http://10.1.2.3:8000/v1")
        box = dialog.find(QCheckBox, "http_box")
        assert not box.isChecked()
        assert "10.1.2.3 can read the picture, the answer and the key" in dialog.note("http_box")
        box.click()
        assert await dialog.save() is not None
    assert own_profile(tmp_path, "vllm")["http_allowed"] is True


async def test_plain_http_is_allowed_for_one_machine_only(tmp_path: Path) -> None:
    async with opened(tmp_path, THREE) as dialog:
        dialog.choose(VLLM)
        dialog.type_into("base_url_edit", "http://10.1.2.3:8000/v1")
        dialog.find(QCheckBox, "http_box").click()
        dialog.paste_into("base_url_edit", "http://10.1.2.3:9000/v1")
        assert dialog.find(QCheckBox, "http_box").isChecked()
        dialog.paste_into("base_url_edit", "http://10.9.9.9:9000/v1")
        assert not dialog.find(QCheckBox, "http_box").isChecked()
        assert await dialog.save() is not None
    kept = own_profile(tmp_path, "vllm")
    assert (kept["base_url"], kept["http_allowed"]) == ("http://10.9.9.9:9000/v1", False)


async def test_order_is_changed_with_keys_and_buttons_and_this_computer_stays_first(tmp_path: Path) -> None:
    async with opened(tmp_path, THREE) as dialog:
        lines = dialog.find(QListWidget, "engines_list")
        dialog.choose(VLLM)
        lines.setFocus()
        dialog.press(Qt.Key.Key_Up, ALT)
        dialog.click("up_engine_button")
        dialog.press(Qt.Key.Key_Up, ALT)
        assert dialog.engines == [THIS_COMPUTER, VLLM, MODELVERSE, PPIO]
        dialog.click("down_engine_button")
        assert dialog.engines == [THIS_COMPUTER, MODELVERSE, VLLM, PPIO]
        dialog.choose(THIS_COMPUTER)
        dialog.press(Qt.Key.Key_Down, ALT)
        dialog.press(Qt.Key.Key_Delete)
        assert dialog.engines == [THIS_COMPUTER, MODELVERSE, VLLM, PPIO]
        settings = await dialog.save()
    assert settings is not None
    assert settings.engines == ("modelverse", "vllm", "ppio")


async def test_what_was_removed_is_there_again_after_cancel(tmp_path: Path) -> None:
    add_profile(tmp_path, "http://localhost:9/v1", "vllm")
    async with opened(tmp_path, THREE) as dialog:
        dialog.choose(VLLM)
        dialog.find(QListWidget, "engines_list").setFocus()
        dialog.press(Qt.Key.Key_Delete)
        assert dialog.engines == [THIS_COMPUTER, MODELVERSE, PPIO]
        dialog.press(Qt.Key.Key_Escape)
        assert dialog.told == "You have unsaved changes."
        dialog.click_words("Discard")
        assert await dialog.shown == 0
        assert dialog.saved == []
    assert own_files(tmp_path) == ["vllm.toml"]
    async with opened(tmp_path, THREE) as again:
        assert again.engines == [THIS_COMPUTER, MODELVERSE, PPIO, VLLM]


async def test_what_was_removed_is_gone_after_save_and_is_not_the_chosen_engine(tmp_path: Path) -> None:
    add_profile(tmp_path, "http://localhost:9/v1", "vllm")
    async with opened(tmp_path, Settings(engine="vllm", engines=("modelverse", "vllm"))) as dialog:
        dialog.choose(VLLM)
        dialog.click("remove_engine_button")
        settings = await dialog.save()
    assert settings is not None
    assert (settings.engine, settings.engines) == ("embedded", ("modelverse",))
    assert own_files(tmp_path) == []


async def test_an_engine_whose_key_is_in_the_environment_is_not_removed_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PPIO_API_KEY", "of-the-environment")
    async with opened(tmp_path, THREE) as dialog:
        dialog.choose(PPIO)
        button = dialog.find(QWidget, "remove_engine_button")
        assert not button.isEnabled()
        assert "PPIO_API_KEY" in button.toolTip()
        dialog.find(QListWidget, "engines_list").setFocus()
        dialog.press(Qt.Key.Key_Delete)
        assert PPIO in dialog.engines


async def test_esc_keeps_editing_when_it_is_asked_and_closes_at_once_when_nothing_changed(tmp_path: Path) -> None:
    async with opened(tmp_path, THREE) as dialog:
        dialog.choose(VLLM)
        dialog.type_into("model_box", "another")
        dialog.press(Qt.Key.Key_Escape)
        assert dialog.told
        dialog.press(Qt.Key.Key_Escape)
        assert not dialog.told
        assert dialog.dialog.isVisible()
        dialog.type_into("model_box", "deepseek-ai/DeepSeek-OCR")
        dialog.press(Qt.Key.Key_Escape)
        assert not dialog.dialog.isVisible()


async def test_a_shipped_profile_that_was_edited_goes_back(tmp_path: Path) -> None:
    add_profile(tmp_path, "https://elsewhere.invalid/v1", "vllm")
    async with opened(tmp_path, THREE) as dialog:
        dialog.choose(PPIO)
        assert not dialog.is_shown("shipped_button")
        dialog.choose(VLLM)
        dialog.click("shipped_button")
        assert dialog.find(QLineEdit, "base_url_edit").text() == "http://localhost:8000/v1"
        assert not dialog.is_shown("shipped_button")
        assert await dialog.save() is not None
    assert own_files(tmp_path) == []


async def test_a_copy_is_an_engine_of_its_own(tmp_path: Path) -> None:
    async with opened(tmp_path, THREE) as dialog:
        dialog.choose(MODELVERSE)
        dialog.click("copy_engine_button")
        assert dialog.engines == [THIS_COMPUTER, MODELVERSE, "UCloud Modelverse (copy)", PPIO, VLLM]
        dialog.type_into("model_box", "another")
        settings = await dialog.save()
    assert settings is not None
    assert settings.engines == ("modelverse", "modelverse-2", "ppio", "vllm")
    assert own_files(tmp_path) == ["modelverse-2.toml"]
    assert own_profile(tmp_path, "modelverse-2")["model"] == "another"


async def test_advanced_fields_are_folded_up_and_kept(tmp_path: Path) -> None:
    async with opened(tmp_path, THREE) as dialog:
        dialog.choose(VLLM)
        assert not dialog.is_shown("extra_body_edit")
        dialog.click("advanced_button")
        dialog.find(QComboBox, "part_order_box").setCurrentIndex(0)
        dialog.find(QSpinBox, "max_tokens_spin").setValue(5000)
        dialog.find(QSpinBox, "more_tokens_spin").setValue(4000)
        dialog.find(QSpinBox, "longest_side_spin").setValue(1600)
        dialog.find(QSpinBox, "most_kilobytes_spin").setValue(900)
        dialog.find(QCheckBox, "format_png_box").click()
        dialog.find(QPlainTextEdit, "extra_body_edit").setPlainText('{"top_k": 1}')
        assert await dialog.save() is None
        assert "more tokens than usual" in dialog.note("more_tokens_spin")
        dialog.find(QSpinBox, "more_tokens_spin").setValue(6000)
        assert await dialog.save() is not None
    kept = own_profile(tmp_path, "vllm")
    shown = [kept[name] for name in ("part_order", "max_tokens", "more_tokens", "longest_side", "most_bytes")]
    assert shown == ["text_first", 5000, 6000, 1600, 900_000]
    assert (kept["image_formats"], kept["extra_body"]) == (["image/jpeg"], {"top_k": 1})


async def test_extra_fields_that_are_no_json_unfold_and_lead_there(tmp_path: Path) -> None:
    async with opened(tmp_path, THREE) as dialog:
        dialog.choose(VLLM)
        dialog.click("advanced_button")
        dialog.type_into("extra_body_edit", '{"top_k": }')
        assert dialog.note("extra_body_edit").startswith("This is not JSON.")
        dialog.click("advanced_button")
        dialog.choose(PPIO)
        assert await dialog.save() is None
        assert dialog.find(QPlainTextEdit, "extra_body_edit").hasFocus()
        assert dialog.find(QPlainTextEdit, "extra_body_edit").toPlainText() == '{"top_k": }'
        assert dialog.note("extra_body_edit").startswith("This is not JSON.")
        assert dialog.dialog.isVisible()


async def test_a_folder_that_cannot_be_written_is_told_and_nothing_typed_is_lost(tmp_path: Path) -> None:
    (tmp_path / "engines").write_text("no folder")
    async with opened(tmp_path, THREE) as dialog:
        dialog.choose(VLLM)
        dialog.type_into("model_box", "another")
        assert await dialog.save() is None
        assert "cannot be written" in dialog.told
        assert dialog.dialog.isVisible()
        assert dialog.find(QComboBox, "model_box").currentText() == "another"
        (tmp_path / "engines").unlink()
        assert await dialog.save() is not None
    assert own_profile(tmp_path, "vllm")["model"] == "another"


async def test_an_engine_that_is_asked_for_is_set_up_and_shown(tmp_path: Path) -> None:
    async with opened(tmp_path, engine_id="modelverse") as dialog:
        assert dialog.engines == [THIS_COMPUTER, MODELVERSE]
        assert dialog.find(QLineEdit, "profile_title_edit").text() == MODELVERSE
        assert dialog.find(QLineEdit, "key_edit").hasFocus()


async def test_facts_of_a_provider_are_told(tmp_path: Path) -> None:
    async with opened(tmp_path, THREE) as dialog:
        dialog.choose(VLLM)
        assert "Not tested by us with the real server." in dialog.labels()
        assert "Source of these facts" in dialog.labels()


# Files


async def test_a_profile_goes_out_and_comes_in_without_its_key(tmp_path: Path) -> None:
    exported = tmp_path / "exported.toml"
    async with opened(tmp_path / "first", THREE) as dialog:
        dialog.choose(VLLM)
        dialog.type_into("profile_title_edit", "Our vLLM")
        dialog.type_into("key_edit", "sk-never-in-a-file")
        dialog.click("export_engine_button")
        await dialog.choose_file("export_dialog", exported)
        assert "without the key" in dialog.told
    assert b"sk-never" not in exported.read_bytes()
    async with opened(tmp_path / "second") as other:
        other.add("From a &file…")
        await other.choose_file("import_dialog", exported)
        assert other.engines == [THIS_COMPUTER, "Our vLLM"]
        assert "kept when you save" in other.told
        assert await other.save() is not None
    (name,) = own_files(tmp_path / "second")
    kept = own_profile(tmp_path / "second", name.removesuffix(".toml"))
    shipped = tomllib.loads((resources.path("engines") / "vllm.toml").read_text("utf-8"))
    assert kept["title"] == "Our vLLM"
    assert (kept["model"], kept["extra_body"]) == (shipped["model"], shipped["extra_body"])


async def test_what_an_imported_profile_may_not_bring_is_told(tmp_path: Path) -> None:
    shipped = (resources.path("engines") / "vllm.toml").read_text("utf-8")
    risky = shipped.replace("http://localhost:8000/v1", "http://theirs.invalid/v1").replace(
        'id = "vllm"', 'id = "vllm"\nhttp_allowed = true'
    )
    (tmp_path / "theirs.toml").write_text(risky.replace("VLLM_API_KEY", "AWS_SECRET_ACCESS_KEY"), "utf-8")
    async with opened(tmp_path) as dialog:
        dialog.add("From a &file…")
        await dialog.choose_file("import_dialog", tmp_path / "theirs.toml")
        assert "key variable was left out" in dialog.told
        assert "Plain http:// was not taken over" in dialog.told
        assert not dialog.find(QCheckBox, "http_box").isChecked()


async def test_a_file_that_is_no_profile_is_told_and_adds_nothing(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("this is = = no TOML")
    async with opened(tmp_path) as dialog:
        dialog.add("From a &file…")
        await dialog.choose_file("import_dialog", tmp_path / "bad.toml")
        assert "bad.toml" in dialog.told
        assert dialog.engines == [THIS_COMPUTER]
