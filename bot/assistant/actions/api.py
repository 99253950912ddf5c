"""Our own API, asked as the user: the service key and the conversation stand for whoever speaks."""

import asyncio
import logging
import os
from typing import Any, Optional
from weakref import WeakKeyDictionary

import httpx

SECONDS = 3.5
PAGES = 20  # of 200: more is never told in a chat
logging.getLogger("httpx").setLevel(
    logging.WARNING
)  # its lines hold addresses, and those the words that are looked for
_clients: "WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient]" = WeakKeyDictionary()


class Refused(Exception):
    """The API said no. `problem` is its problem document; `code` is stable, `detail` is in the user's language."""

    def __init__(self, status: int, problem: dict) -> None:
        super().__init__(problem.get("code"))
        self.status, self.problem = status, problem
        self.code: str = problem.get("code", "")
        self.detail: str = problem.get("detail", "")


class Silent(Exception):
    """The API gave no answer in time, or none that can be understood: nobody knows whether it did what was asked."""


class Api:
    def __init__(self, conversation: str, language: str) -> None:
        self.headers = {
            "X-Bot-Key": os.environ["BOT_SERVICE_KEY"],
            "X-Conversation": conversation,
            "Accept-Language": language,
        }

    async def get(self, path: str, **asked: Any) -> Any:
        """One document. A parameter whose name is a word of Python is written with a trailing underscore."""
        return await self._send("GET", path, params={name.rstrip("_"): value for name, value in asked.items()})

    async def rows(self, path: str, **asked: Any) -> list:
        """All rows of a list, page by page."""
        found: list = []
        for page in range(1, PAGES + 1):
            answer = await self.get(path, page=page, page_size=200, **asked)
            found += answer["results"]
            if not answer["next"]:
                break
        return found

    async def post(self, path: str, body: dict, *, key: str = "", version: Optional[int] = None) -> Any:
        """`key` makes a repetition harmless; `version` refuses when somebody else changed the record meanwhile."""
        headers = {"Idempotency-Key": key} if key else {}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return await self._send("POST", path, json=body, headers=headers)

    async def _send(self, method: str, path: str, headers: Optional[dict] = None, **content: Any) -> Any:
        url = f"{os.environ['API_URL']}/api/v1/{path}"
        try:
            answer = await _client().request(method, url, headers={**self.headers, **(headers or {})}, **content)
            document = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise Silent(type(error).__name__) from error
        if answer.status_code >= 500:
            raise Silent(str(answer.status_code))
        if answer.is_error:
            raise Refused(answer.status_code, document)
        return document


def _client() -> httpx.AsyncClient:
    """One for each event loop, so that its connections stay open."""
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        _clients[loop] = httpx.AsyncClient(timeout=SECONDS, trust_env=False)
    return _clients[loop]
