"""A client that knows nothing of the service but its OpenAPI document, and holds every answer against it."""

from __future__ import annotations

from typing import Any

import httpx
from jsonschema import Draft202012Validator


class Documented:
    """Sends what a document describes; an answer that it does not describe is an error."""

    def __init__(self, client: httpx.AsyncClient, document: dict[str, Any]) -> None:
        self._client = client
        self._paths = document["paths"]

    @classmethod
    async def of(cls, client: httpx.AsyncClient) -> Documented:
        """Reads the document that the service tells of itself."""
        return cls(client, (await client.get("/openapi.json")).json())

    def example(self, path: str) -> dict[str, Any]:
        """The body that the document gives as an example; it is one by its own schema."""
        media = self._media(path)
        Draft202012Validator(media["schema"]).validate(media["example"])
        example: dict[str, Any] = media["example"]
        return example

    async def post(
        self, path: str, body: Any, headers: dict[str, str] | None = None, **places: str
    ) -> httpx.Response:
        """Sends a body to a path; the answer is as the document says of its status."""
        answer = await self._client.post(path.format(**places), json=body, headers=headers or {})
        told = self._paths[path]["post"]["responses"][str(answer.status_code)]["content"]
        media = answer.headers["content-type"].partition(";")[0]
        Draft202012Validator(told[media]["schema"]).validate(answer.json())
        return answer

    def takes(self, path: str, body: Any) -> bool:
        """Whether the document says that a body may be sent."""
        return bool(Draft202012Validator(self._media(path)["schema"]).is_valid(body))

    def _media(self, path: str) -> dict[str, Any]:
        media: dict[str, Any] = self._paths[path]["post"]["requestBody"]["content"][
            "application/json"
        ]
        return media
