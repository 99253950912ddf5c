"""A question to the assistant and its answer, through the websocket: Rasa, its actions, and our API behind them."""

import json
from collections.abc import Callable, Iterator

from websockets.sync.client import ClientConnection, connect

from tests.bench.measure import Result, compare
from tests.bench.office import Office

QUESTIONS = ("phòng họp Kỳ Cùng sáng mai còn trống không", "duong truyen loc binh the nao", "điểm cầu nào mất kết nối")


def chat(office: Office) -> Iterator[Result]:
    office.service.wait_for_assistant()
    ticket = office.leader.post("/api/v1/chat/tickets/", {}).json()["ticket"]
    address = f"ws://127.0.0.1:{office.service.port}/ws/chat/?token={ticket}"
    with connect(address, origin=office.service.address) as socket:  # type: ignore[arg-type]
        yield compare("chat", lambda number: _ask(socket, QUESTIONS[number % len(QUESTIONS)]), n=30, size=1, warm=3)


def _ask(socket: ClientConnection, text: str) -> Callable[[], object]:
    def ask() -> None:
        socket.send(json.dumps({"type": "message", "text": text}))
        answer = json.loads(socket.recv(timeout=30))
        assert answer["type"] == "reply", answer

    return ask
