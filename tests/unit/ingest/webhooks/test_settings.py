"""Which endpoints can be meant, and what of them is never shown."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from graph.errors import TraceError
from ingest.files.rejected import FileError
from ingest.webhooks.settings import EndpointSettings, WebhookError, read_webhooks

SECRET = f"whsec_{b64encode(bytes(24)).decode()}"
GOOD: dict[str, Any] = {
    "name": "cmms",
    "url": "https://cmms.example.org/utcs",
    "types": ["org.utcs.maintenance.*"],
    "secret_env": "CMMS_SECRET",
}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"url": "ftp://h/x"}, "is no address; write https://host/path"),
        ({"url": "file:///etc/passwd"}, "is no address"),
        ({"url": "https:///x"}, "is no address"),
        ({"url": "https://h:99999/x"}, "is no address"),
        ({"url": "https://h/x y"}, "is no address"),
        ({"url": "https://u:p@h/x"}, "user and password do not belong here"),
        ({"url": "https://h/x#y"}, "is never sent"),
        ({"url": "https://[h/x"}, "is no address"),
        ({"types": []}, "types"),
        ({"types": ["org.utcs.maintenence.*"]}, "is told of nothing; use one of org.utcs.facts"),
        ({"types": ["*"]}, "is told of nothing"),
        ({"secret_env": None}, "one of them must say where the secret is"),
        ({"secret_file": "/s"}, "one of them must say where the secret is"),
        ({"timeout_s": 0}, "timeout_s"),
        ({"tries": 0}, "tries"),
        ({"since": "2026-01-01T00:00:00"}, "since"),
        ({"name": "CMMS 1"}, "name"),
        ({"secret": SECRET}, "secret: does not belong here; name secret_file or secret_env"),
        ({"secret_env": SECRET}, "that is a secret; name the file or the variable"),
        ({"secret_env": None, "secret_file": f"/x/{SECRET}"}, "that is a secret"),
    ],
)
def test_an_endpoint_that_cannot_be_meant_is_refused(changes: Any, problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        EndpointSettings(**GOOD | changes)


@pytest.mark.parametrize(
    ("kept", "problem"),
    [
        (None, "CMMS_SECRET is not set; set it"),
        ("", "holds 0 secrets; write 1 to 5"),
        (" ".join([SECRET] * 6), "holds 6 secrets"),
        ("whsec_c2hvcnQ=", "a secret is none; write whsec_ and 24 to 64 random bytes in base64"),
        ("whsec_!!notbase64!!", "a secret is none"),
    ],
)
def test_a_secret_that_is_none_is_told_without_repeating_it(
    monkeypatch: pytest.MonkeyPatch, kept: str | None, problem: str
) -> None:
    endpoint = EndpointSettings(**GOOD)
    monkeypatch.delenv("CMMS_SECRET", raising=False)
    if kept is not None:
        monkeypatch.setenv("CMMS_SECRET", kept)

    with pytest.raises(WebhookError, match=problem) as raised:
        endpoint.secrets()

    assert isinstance(raised.value, TraceError)
    assert not kept or kept not in raised.value.message


def test_an_address_is_shown_without_its_query() -> None:
    endpoint = EndpointSettings(**GOOD | {"url": "https://h/x?token=tops3cret"})

    assert endpoint.place == "https://h/x"


@pytest.mark.parametrize(
    "line",
    [
        f'secret = "{SECRET}"',
        f'secret_env = "{SECRET}"',
        f'secret_file = "{SECRET}"',
        'secret_env = "S"\nurl = "https://u:hunter2@h/x"',
        'secret_env = "S"\nurl = "https://h/x y?key=hunter2"',
    ],
)
def test_a_file_that_cannot_be_meant_is_told_of_without_what_is_secret_in_it(
    tmp_path: Path, line: str
) -> None:
    file = tmp_path / "webhooks.toml"
    url = "" if "url" in line else 'url = "https://h/x"\n'
    types = 'types = ["org.utcs.facts.put.v1"]\n'
    file.write_text(f'[[endpoint]]\nname = "a"\n{url}{types}{line}\n')

    with pytest.raises(FileError) as raised:
        read_webhooks(file)

    assert SECRET not in raised.value.message
    assert "hunter2" not in raised.value.message


def test_two_endpoints_of_one_name_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "webhooks.toml"
    one = '[[endpoint]]\nname = "a"\nurl = "https://h/x"\ntypes = ["org.utcs.facts.put.v1"]\n'
    file.write_text((one + 'secret_env = "S"\n') * 2)

    with pytest.raises(FileError, match="'a' stands there twice"):
        read_webhooks(file)


def test_the_example_of_the_documentation_can_be_meant(tmp_path: Path) -> None:
    page = (Path(__file__).parents[4] / "docs" / "exchange.md").read_text()
    file = tmp_path / "webhooks.toml"
    file.write_text(page.partition("```toml\n")[2].partition("```")[0])

    (endpoint,) = read_webhooks(file).endpoint

    assert endpoint.wants(["org.utcs.cmms.maintenance-schedule.v1"])
    assert not endpoint.wants(["org.utcs.dpp.findings.v1"])
