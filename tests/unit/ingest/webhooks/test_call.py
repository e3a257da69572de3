"""What an answer means for a call, and the signature that goes with one."""

from __future__ import annotations

from base64 import b64decode

import pytest

from ingest.webhooks.call import Verdict, judged, retry_after_s
from ingest.webhooks.signature import read_secret, signed_headers

NOW_S = 1_700_000_000.0


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        *[(status, Verdict.DONE) for status in (200, 201, 202, 204, 299)],
        *[(status, Verdict.AGAIN) for status in (301, 302, 307, 308, 500, 502, 503, 504, 599)],
        *[(status, Verdict.AGAIN) for status in (401, 403, 404, 405, 408, 429)],
        *[(status, Verdict.REFUSED) for status in (400, 409, 413, 415, 422)],
        (410, Verdict.GONE),
    ],
)
def test_the_status_says_what_becomes_of_a_call(status: int, verdict: Verdict) -> None:
    assert judged(status, {}, b"", NOW_S).verdict is verdict


@pytest.mark.parametrize(
    ("text", "wait_s"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("999999999", 86_400.0),
        ("Tue, 14 Nov 2023 22:14:20 GMT", 60.0),
        ("Tue, 14 Nov 2000 22:14:20 GMT", 0.0),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("\u0662", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_at_most_a_day(
    text: str, wait_s: float | None
) -> None:
    assert retry_after_s(text, NOW_S) == wait_s


def test_a_signature_is_that_of_the_standard() -> None:
    # The example of the reference libraries (standardwebhooks, tests of all languages).
    key = read_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

    headers = signed_headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', [key, bytes(24)]
    )

    first, second = headers["webhook-signature"].split(" ")
    assert first == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert len(b64decode(second.removeprefix("v1,"))) == 32
