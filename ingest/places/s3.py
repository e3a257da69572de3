"""A prefix in an S3 bucket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import s3fs
from botocore.exceptions import BotoCoreError, ClientError

from ingest.places.place import Entry, GoneError, PlaceError

_PROBE: Final = ".utcs-probe-"
_TRIES: Final = {"connect_timeout": 10, "read_timeout": 60, "retries": {"max_attempts": 2}}
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""When a folder was last written, which S3 does not say."""

_FOREIGN: Final = (OSError, BotoCoreError, ClientError)


class S3Place:
    """A prefix in an S3 bucket; see `Place`.

    What has no atomic rename needs one other thing: that of many who make an object with
    `If-None-Match: *`, one succeeds. A server that does not hold to it is refused when it is opened.
    """

    moves_at_once = False

    def __init__(
        self,
        bucket: str,
        prefix: str,
        *,
        endpoint: str | None = None,
        region: str | None = None,
        profile: str | None = None,
    ) -> None:
        self.bucket, self.prefix = bucket, f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._client = {"endpoint_url": endpoint, "region_name": region}
        self._profile = profile
        self._fs: Any = None

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"

    async def open(self) -> None:
        """Connects, and finds out whether the server lets one alone succeed."""
        if self._fs is not None:
            return
        async with self._told():
            self._fs = s3fs.S3FileSystem(
                asynchronous=True,
                skip_instance_cache=True,
                use_listings_cache=False,
                profile=self._profile,
                client_kwargs={k: v for k, v in self._client.items() if v is not None},
                config_kwargs=dict(_TRIES),
            )
            self._fs.retries = 2
        try:
            async with self._told():
                await self._fs.set_session()
            await self._require_one_of_many()
        except BaseException:
            await self.close()
            raise

    async def _require_one_of_many(self) -> None:
        probe = f"{_PROBE}{uuid4().hex}"
        try:
            twice = await self.create(probe, b"1") and await self.create(probe, b"2")
        finally:
            await self.remove(probe)
        if twice:
            raise PlaceError(
                f"place: {self}: the server ignores If-None-Match, so two workers could take one "
                "file; use one that holds to it"
            )

    async def close(self) -> None:
        """Ends the connections."""
        held, self._fs = self._fs, None
        if held is not None:
            with suppress(AttributeError):  # it never got as far as a connection
                await held._s3.close()

    async def entries(self, folder: str = "") -> list[Entry]:
        """Returns what stands directly in a folder."""
        within = self._key(f"{folder}/" if folder else "")
        asked: dict[str, Any] = {"Prefix": within, "Delimiter": "/"}
        found: list[Entry] = []
        while True:
            page = await self._call("list_objects_v2", **asked)
            found += [_entry(o, len(within)) for o in page.get("Contents", ())]
            found += [_folder(p["Prefix"], len(within)) for p in page.get("CommonPrefixes", ())]
            if not page.get("IsTruncated"):
                return [entry for entry in found if entry.name]
            asked["ContinuationToken"] = page["NextContinuationToken"]

    async def find(self, path: str) -> Entry | None:
        """Returns what stands at a path, if anything does."""
        try:
            head = await self._call("head_object", Key=self._key(path))
        except GoneError:
            return None
        name = path.rpartition("/")[2]
        return _entry({**head, "Key": name, "Size": head["ContentLength"]}, 0)

    async def read(self, path: str, most: int) -> bytes | None:
        """Returns the first `most` bytes of an object; None if it is not there."""
        async with self._told():
            try:
                answer = await self._fs._call_s3(
                    "get_object", Bucket=self.bucket, Key=self._key(path)
                )
                async with answer["Body"] as body:
                    return bytes(await body.read(most))
            except FileNotFoundError:
                return None

    async def create(self, path: str, content: bytes) -> bool:
        """Makes an object; False if it is there already."""
        try:
            await self._call("put_object", Key=self._key(path), Body=content, IfNoneMatch="*")
        except _ThereError:
            return False
        return True

    async def write(self, path: str, content: bytes) -> None:
        """Makes an object, or replaces it."""
        await self._call("put_object", Key=self._key(path), Body=content)

    async def fetch(self, path: str, to: Path) -> None:
        """Copies an object to this machine."""
        async with self._told():
            await self._fs._get_file(f"{self.bucket}/{self._key(path)}", str(to))

    async def store(self, source: Path, path: str) -> None:
        """Copies a file of this machine to here; an object appears whole."""
        async with self._told():
            await self._fs._put_file(str(source), f"{self.bucket}/{self._key(path)}")

    async def move(self, path: str, to: str) -> None:
        """Copies an object and takes the first one away; if it is cut off, both are there."""
        async with self._told():
            ends = (f"{self.bucket}/{self._key(end)}" for end in (path, to))
            await self._fs._cp_file(*ends)
        await self.remove(path)

    async def remove(self, path: str) -> None:
        """Takes an object away, if it is there."""
        await self._call("delete_object", Key=self._key(path))

    async def remove_folder(self, path: str) -> None:
        """S3 has no folders."""

    def _key(self, path: str) -> str:
        return self.prefix + path

    async def _call(self, method: str, **asked: Any) -> Mapping[str, Any]:
        async with self._told():
            answer: Mapping[str, Any] = await self._fs._call_s3(method, Bucket=self.bucket, **asked)
            return answer

    @asynccontextmanager
    async def _told(self) -> AsyncIterator[None]:
        try:
            yield
        except FileExistsError as error:
            raise _ThereError(f"place: {self}: is there already") from error
        except FileNotFoundError as error:
            raise GoneError(f"place: {self}: {error}; it is there no longer") from error
        except _FOREIGN as error:
            raise PlaceError(f"place: {self}: {error}") from error


class _ThereError(PlaceError):
    """An object is there already."""


def _folder(prefix: str, start: int) -> Entry:
    return Entry(prefix[start:].rstrip("/"), 0, "", _NEVER, "a folder")


def _entry(stored: Mapping[str, Any], start: int) -> Entry:
    modified = stored["LastModified"]
    return Entry(
        name=stored["Key"][start:],
        size=stored["Size"],
        mark=f"{stored['ETag']}-{modified.timestamp():.3f}",
        modified=modified,
    )
