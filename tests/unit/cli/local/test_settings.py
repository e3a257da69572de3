"""A setting that cannot be meant is named, with its value."""

from pathlib import Path

import pytest

from cli.local.errors import LocalError, SettingError
from cli.local.home import Home
from cli.local.settings import LocalSettings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("UTCS_API_PORT", "http"),
        ("UTCS_API_PORT", "65536"),
        ("UTCS_NEO4J_URI", "localhost:7687"),
        ("UTCS_NEO4J_URI", "http://localhost:7474"),
        ("UTCS_NEO4J_HEAP", "lots"),
        ("UTCS_NEO4J_PAGECACHE", "1g\nserver.http.enabled=true"),
        ("UTCS_HOME", __file__),
        ("UTCS_HOME", f"{__file__}/home"),
        ("UTCS_CACHE", __file__),
        ("UTCS_QUEUE_URI", "localhost:9092"),
        ("UTCS_QUEUE_URI", "kafka://localhost"),
        ("UTCS_QUEUE_URI", "kafka://one:9092,"),
        ("UTCS_QUEUE_URI", "kafka://one:9092/topic"),
        ("UTCS_QUEUE_URI", "amqp://"),
        ("UTCS_QUEUE_URI", "amqp://one,two"),
        ("UTCS_QUEUE_URI", "mqtt://one:1883"),
    ],
)
def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingError, match=f"{name}={value}: .*correct it or unset it") as caught:
        LocalSettings.read()

    assert caught.value.exit_code == 2


@pytest.mark.parametrize("scheme", ["bolt", "neo4j", "bolt+s", "neo4j+s", "neo4j+ssc"])
def test_servers_and_clusters_can_be_named(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv("UTCS_NEO4J_URI", f"{scheme}://graph.example:7687")

    place = LocalSettings.read().external_graph()

    assert place is not None
    assert place.uri.startswith(f"{scheme}://")


@pytest.mark.parametrize("brokers", ["one:9092", "one:9092,two.example:9093", "[::1]:9092"])
def test_a_queue_can_be_named_by_its_brokers(monkeypatch: pytest.MonkeyPatch, brokers: str) -> None:
    monkeypatch.setenv("UTCS_QUEUE_URI", f"kafka://{brokers}")

    assert LocalSettings.read().external_queue == f"kafka://{brokers}"


@pytest.mark.parametrize(
    "uri",
    [
        "amqp://localhost",
        "amqp://plant:s3cr3t%2F@rabbit.example:5672/line%2F7",
        "amqps://plant:s3cr3t@[::1]/?cafile=/etc/ssl/plant.pem",
    ],
)
def test_a_queue_can_be_a_rabbitmq(monkeypatch: pytest.MonkeyPatch, uri: str) -> None:
    monkeypatch.setenv("UTCS_QUEUE_URI", uri)

    settings = LocalSettings.read()

    assert settings.external_queue == uri
    assert "s3cr3t" not in repr(settings)


@pytest.mark.parametrize(
    "uri",
    [
        "amqp://plant:s3cr3t/word@host",
        "amqp://plant:s3cr3t@word@host",
        "ampq://plant:s3cr3tword@host",
        "plant:s3cr3tword@host",
    ],
)
def test_a_password_in_a_wrong_address_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, uri: str
) -> None:
    monkeypatch.setenv("UTCS_QUEUE_URI", uri)

    with pytest.raises(SettingError, match=r"UTCS_QUEUE_URI=.*host: is no queue; name") as caught:
        LocalSettings.read()

    assert "s3cr3t" not in str(caught.value)
    assert "plant" not in str(caught.value)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(LocalError, match=r"cannot create .*file.*set UTCS_HOME"):
        Home(tmp_path / "file" / "home", tmp_path / "cache").make()
