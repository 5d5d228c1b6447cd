"""The configuration is read from file and environment, and every mistake is named at once."""

from datetime import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.config import WEBHOOK_PATH, ConfigMistakes, keys, load
from bot.web import telegram_route

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


def written(folder: Path, text: str) -> Path:
    file = folder / "xiaoer.toml"
    file.write_text(text, "utf-8")
    return file


def mistakes_in(file: Path | None, environment: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigMistakes) as found:
        load(file, environment or {})
    return found.value.mistakes


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory without a config.toml."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_a_file_the_demo_street_starts() -> None:
    config = load(None, {})

    assert config.demo
    assert config.web.host == "127.0.0.1"
    assert config.facts().emergency.examples


def test_a_file_means_a_real_street_unless_it_says_demo(tmp_path: Path) -> None:
    config = load(written(tmp_path, '[street]\nname = "红建街"\n'), {})

    assert not config.demo
    assert config.facts().name == "红建街"
    assert config.facts().emergency.gas == ""


def test_config_toml_in_the_working_directory_is_found(elsewhere: Path) -> None:
    (elsewhere / "config.toml").write_text("[web]\nport = 9001\n", "utf-8")

    assert load(None, {}).web.port == 9001


def test_the_environment_stands_over_the_file_key_by_key(tmp_path: Path) -> None:
    file = written(tmp_path, '[web]\nport = 1\nhost = "::1"\n')

    config = load(file, {"XIAOER_WEB__PORT": "9000", "xiaoer_demo": "true"})

    assert (config.web.port, config.web.host, config.demo) == (9000, "::1", True)


def test_words_of_a_list_are_parted_by_commas_in_the_environment() -> None:
    config = load(None, {"XIAOER_TELEGRAM__WAKE_WORDS": "小二，街道小二, xiaoer"})

    assert config.telegram.wake_words == ("小二", "街道小二", "xiaoer")


def test_every_mistake_of_file_and_environment_is_listed_at_once(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        """
        dem = true
        [web]
        port = 70000
        hots = "x"
        [database]
        url = "mysql://x"
        [telegram]
        token = "nonsense"
        mode = "webhook"
        [street]
        name = 5
        duty_from = "18:00"
        gas_phone = "call me"
        [wbe]
        port = 1
        """,
    )

    found = mistakes_in(
        file, {"XIAOER_LOG__LEVEL": "loud", "XIAOER_WBE__X": "1", "XIAOER_WEB__SECURE": "perhaps"}
    )

    named = {mistake.split("\uff1a")[0].split("\uff08")[0] for mistake in found}
    assert named == {
        *("dem", "wbe", "web.port", "web.hots", "web.secure", "database.url", "log.level"),
        *("telegram.token", "telegram.webhook_url", "telegram.webhook_secret"),
        *("street.name", "street.duty_until", "street.gas_phone", "XIAOER_WBE__X"),
    }
    assert len(found) == len(named)
    assert any("XIAOER_LOG__LEVEL" in mistake for mistake in found)
    assert any("web.host" in mistake for mistake in found if "web.hots" in mistake)


def test_a_file_that_is_no_toml_is_said_with_its_line(tmp_path: Path) -> None:
    [mistake] = mistakes_in(written(tmp_path, "[web\n"))

    assert "line 1" in mistake


def test_a_named_file_that_is_missing_is_a_mistake(tmp_path: Path) -> None:
    [mistake] = mistakes_in(tmp_path / "nowhere.toml")

    assert "nowhere.toml" in mistake


def test_the_token_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text(f"{TOKEN}\n")

    config = load(written(tmp_path, f'[telegram]\ntoken_file = "{secret}"\n'), {})

    assert config.telegram.bot_token() == TOKEN
    assert TOKEN not in repr(config)


@pytest.mark.parametrize("content", [None, "", "not a token"])
def test_a_token_file_that_holds_no_token_is_a_mistake(tmp_path: Path, content: str | None) -> None:
    secret = tmp_path / "token"
    if content is not None:
        secret.write_text(content)

    [mistake] = mistakes_in(written(tmp_path, f'[telegram]\ntoken_file = "{secret}"\n'))

    assert mistake.startswith("telegram.token_file")


def test_a_mistake_never_repeats_the_secret(tmp_path: Path) -> None:
    found = mistakes_in(written(tmp_path, '[telegram]\ntoken = "12:se cret"\nmode = "carrier"\n'))

    assert "se cret" not in "".join(found)


def test_times_may_be_written_as_toml_times(tmp_path: Path) -> None:
    config = load(written(tmp_path, "[street]\nduty_from = 09:00:00\n"), {})

    assert config.street.duty_from == time(9)


def test_numbers_of_the_street_are_never_marked_as_examples() -> None:
    numbers = load(None, {"XIAOER_STREET__GAS_PHONE": "027-1234", "XIAOER_DEMO": "true"}).facts()

    assert numbers.emergency.gas == "027-1234"
    assert numbers.emergency.lift == ""
    assert not numbers.emergency.examples


def test_the_address_telegram_posts_to_is_the_one_that_is_served() -> None:
    assert WEBHOOK_PATH == telegram_route.PATH


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(keys()), st.text().filter(lambda text: "\0" not in text))
def test_any_text_in_any_variable_gives_a_configuration_or_sentences(key: str, text: str) -> None:
    variable = "XIAOER_" + key.replace(".", "__").upper()
    mistakes: list[str] = []
    try:
        load(None, {variable: text})
    except ConfigMistakes as found:
        mistakes = found.mistakes

    assert all(variable in mistake for mistake in mistakes)
