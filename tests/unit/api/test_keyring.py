"""Secrets: told once, good for one use, kept where only the owner can read."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.keyring import ActorError, Keyring, Use
from graph.flows.submit import Principal

ANNA = Principal.of("anna", "editor")


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_token_stands_for_whom_it_was_issued(tmp_path: Path) -> None:
    keyring = Keyring(tmp_path)

    token = keyring.issue("token", ANNA)

    assert Keyring(tmp_path).find("token", token) == ANNA


def test_login_is_good_once(tmp_path: Path) -> None:
    keyring = Keyring(tmp_path)
    link = keyring.issue("login", ANNA, 60)

    first, second = keyring.redeem(link), keyring.redeem(link)

    assert (first, second) == (ANNA, None)


def test_login_raced_by_many_lets_in_one(tmp_path: Path) -> None:
    link = Keyring(tmp_path).issue("login", ANNA, 60)

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: Keyring(tmp_path).redeem(link), range(64)))

    assert [one for one in found if one] == [ANNA]


def test_expired_login_is_worthless(tmp_path: Path) -> None:
    clock = Clock()
    keyring = Keyring(tmp_path, clock=clock)
    link = keyring.issue("login", ANNA, 60)

    clock.now += 60

    assert keyring.redeem(link) is None


@pytest.mark.parametrize("use", ["session", "token"])
def test_login_link_is_no_token_and_no_session(tmp_path: Path, use: str) -> None:
    keyring = Keyring(tmp_path)
    link = keyring.issue("login", ANNA, 60)

    assert keyring.find(use, link) is None  # type: ignore[arg-type]
    assert keyring.redeem(link) == ANNA


def test_token_is_no_login_and_trying_does_not_use_it_up(tmp_path: Path) -> None:
    keyring = Keyring(tmp_path)
    token = keyring.issue("token", ANNA)

    assert keyring.redeem(token) is None
    assert keyring.find("token", token) == ANNA


@pytest.mark.parametrize("secret", ["", "x", "../api_token", "\x00", "é", "\udcff", "a" * 10_000])
def test_strange_secrets_are_unknown(tmp_path: Path, secret: str) -> None:
    keyring = Keyring(tmp_path)
    keyring.api_token(ANNA)

    assert keyring.find("token", secret) is None


def test_nobody_else_can_read_the_files_and_none_holds_a_login(tmp_path: Path) -> None:
    keyring = Keyring(tmp_path / "secrets")
    token, link = keyring.api_token(ANNA), keyring.issue("login", ANNA, 60)

    files = [path for path in (tmp_path / "secrets").rglob("*") if path.is_file()]

    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "secrets" / "access").stat().st_mode) == 0o700
    assert [path.name for path in files if token in path.read_text()] == ["api_token"]
    assert not [path for path in files if link in path.read_text() + path.name]


def test_api_token_stays_the_same_and_is_the_same_for_all_processes(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        tokens = set(pool.map(lambda _: Keyring(tmp_path).api_token(ANNA), range(32)))

    assert len(tokens) == 1
    assert Keyring(tmp_path).find("token", tokens.pop()) == ANNA


def test_revoked_api_token_is_made_anew(tmp_path: Path) -> None:
    keyring = Keyring(tmp_path)
    old = keyring.api_token(ANNA)

    keyring.revoke(old)
    new = keyring.api_token(ANNA)

    assert new != old
    assert keyring.find("token", old) is None
    assert keyring.find("token", new) == ANNA


def test_damaged_file_lets_nobody_in(tmp_path: Path) -> None:
    keyring = Keyring(tmp_path)
    token = keyring.issue("token", ANNA)
    next((tmp_path / "access").iterdir()).write_text("{")

    assert keyring.find("token", token) is None


@pytest.mark.parametrize(
    ("actor", "said"),
    [
        ("", "is empty; give a name"),
        (" ", "is empty"),
        ("a" * 201, "has 201 characters; give at most 200"),
        ("svc\nplm", r"contains '\\n' \(U\+000A"),
        ("svc\x00", r"contains '\\x00'"),
        ("svc\u202eplm", "contains .*RIGHT-TO-LEFT OVERRIDE"),
        ("\ud800", r"contains '\\ud800'"),
        (" anna", "has white space around it; remove it"),
    ],
)
@pytest.mark.parametrize("use", ["token", "login"])
def test_name_that_could_record_nothing_gets_no_secret(
    tmp_path: Path, actor: str, said: str, use: Use
) -> None:
    """Such a token was made, and each event in its name was then refused."""
    with pytest.raises(ActorError, match=f"actor: .*{said}"):
        Keyring(tmp_path).issue(use, Principal.of(actor, "editor"))

    assert not (tmp_path / "access").exists()


@pytest.mark.parametrize("actor", ["anna", "svc-plm", "DOMAIN\\anna", "Zoë Müller", "a" * 200])
def test_usual_names_get_one(tmp_path: Path, actor: str) -> None:
    assert Keyring(tmp_path).issue("token", Principal.of(actor, "reader"))
