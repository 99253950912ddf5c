"""Names of the office's records in what people write, and the gazetteer that brings them."""

import json
import os
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar, Dict, List
from unittest import mock

from bot.assistant.components import gazetteer
from bot.assistant.components.found import found_names
from bot.assistant.components.names import Index

DOCUMENT: Dict[str, Any] = {
    "room": [
        {"id": 1, "name": "Phòng họp Kỳ Cùng", "names": ["P. Kỳ Cùng"]},
        {"id": 2, "name": "Phòng họp 301"},
        {"id": 3, "name": "Phòng họp 302"},
        {"id": 4, "name": "Hội trường tầng 5"},
    ],
    "site": [
        {"id": 11, "name": "Điểm cầu xã Lộc Bình", "names": ["Xã Lộc Bình"]},
        {"id": 12, "name": "Điểm cầu huyện Lộc Bình", "names": ["Huyện Lộc Bình"]},
        {"id": 13, "name": "Điểm cầu xã Gia Cát", "names": ["Xã Gia Cát"]},
    ],
    "unit": [{"id": 21, "name": "Sở Tư pháp"}],
    "guesthouse": [{"id": 31, "name": "Nhà khách A1"}],
    "session": [{"id": 41, "name": "Hội nghị sơ kết quý"}],
}
INDEX = Index.of(DOCUMENT)


def ids(kind: str, said: str) -> List[int]:
    return [row["id"] for row in INDEX.candidates(kind, said)]


class Candidates(unittest.TestCase):
    def test_a_name_is_found_however_it_is_typed(self) -> None:
        for said in (
            "Phòng họp Kỳ Cùng",
            "phong hop ky cung",
            "P.Kỳ Cùng",
            "kỳ cùng",
            "phongf hopj kyf cungf",
            "phòng kỳ cung",
        ):
            with self.subTest(said):
                self.assertEqual(ids("room", said), [1])

    def test_a_misspelt_name_is_found(self) -> None:
        self.assertEqual(ids("room", "phòng họp Kỳ Cugn"), [1])

    def test_an_abbreviated_noun_is_the_noun(self) -> None:
        self.assertEqual(ids("room", "HT tầng 5"), [4])
        self.assertEqual(ids("room", "p.301"), [2])

    def test_numbers_are_never_guessed(self) -> None:
        self.assertEqual(ids("room", "phòng 303"), [])

    def test_the_level_that_was_said_comes_first(self) -> None:
        self.assertEqual(ids("site", "xã Lộc Bình"), [11])
        self.assertEqual(ids("site", "huyện Lộc Bình"), [12])

    def test_without_its_level_a_name_has_both_readings(self) -> None:
        self.assertEqual(sorted(ids("site", "Lộc Bình")), [11, 12])

    def test_an_unknown_name_has_none(self) -> None:
        self.assertEqual(ids("site", "điểm cầu Quy Nhơn"), [])

    def test_the_best_has_the_full_score(self) -> None:
        row = {"id": 31, "kind": "guesthouse", "name": "Nhà khách A1", "score": 1.0}
        self.assertEqual(INDEX.candidates("guesthouse", "nhà khách A1"), [row])

    def test_records_that_are_no_records_are_passed_over(self) -> None:
        self.assertEqual(Index.of({"room": None, "car": [{"id": 1, "name": "x"}]}).rows, ())


class Found(unittest.TestCase):
    def names(self, text: str, *entities: Dict[str, Any]) -> List[Any]:
        return [(one["entity"], one["value"]) for one in found_names(INDEX, text, list(entities))]

    def test_a_whole_name_is_found_where_nothing_else_was(self) -> None:
        self.assertEqual(self.names("cho gia cát vào nhé"), [("site", "gia cát")])
        self.assertEqual(self.names("Sở Tư pháp thì sao"), [("unit", "Sở Tư pháp")])

    def test_what_is_claimed_already_is_left_alone(self) -> None:
        self.assertEqual(self.names("xã Gia Cát", {"entity": "site", "start": 0, "end": 10}), [])

    def test_words_that_are_no_name_are_none(self) -> None:
        self.assertEqual(self.names("phòng nào trống chiều mai"), [])


class Handler(BaseHTTPRequestHandler):
    answers: ClassVar[List[Any]] = []
    asked: ClassVar[List[Dict[str, str]]] = []

    def do_GET(self) -> None:
        Handler.asked.append(
            {"path": self.path, **{name: self.headers.get(name, "") for name in ("X-Bot-Key", "If-None-Match")}}
        )
        status, body = Handler.answers.pop(0)
        self.send_response(status)
        self.send_header("ETag", '"1"')
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        pass


class Gazetteer(unittest.TestCase):
    def setUp(self) -> None:
        Handler.answers, Handler.asked = [], []
        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        address = f"http://127.0.0.1:{self.server.server_port}"
        environment = mock.patch.dict(os.environ, {"API_URL": address, "BOT_SERVICE_KEY": "key"})
        environment.start()
        self.addCleanup(environment.stop)
        self.clock = 1000.0
        patched = mock.patch.object(gazetteer.time, "monotonic", side_effect=lambda: self.clock)
        patched.start()
        self.addCleanup(patched.stop)
        self.source = gazetteer.Source()

    def test_it_is_asked_with_the_key_and_again_after_a_minute(self) -> None:
        Handler.answers += [(200, json.dumps(DOCUMENT).encode()), (200, json.dumps({"room": []}).encode())]
        self.assertEqual(len(self.source.index().rows), 14)
        self.clock += 59
        self.assertEqual(len(self.source.index().rows), 14)
        self.clock += 2
        self.assertEqual(self.source.index().rows, ())
        first = {"path": "/api/v1/chat/gazetteer/", "X-Bot-Key": "key", "If-None-Match": ""}
        self.assertEqual(Handler.asked, [first, {**first, "If-None-Match": '"1"'}])

    def test_what_has_not_changed_stays(self) -> None:
        Handler.answers += [(200, json.dumps(DOCUMENT).encode()), (304, b"")]
        self.source.index()
        self.clock += 61
        self.assertEqual(len(self.source.index().rows), 14)

    def test_what_was_known_stays_when_it_does_not_answer(self) -> None:
        Handler.answers += [(200, json.dumps(DOCUMENT).encode()), (500, b""), (200, b"{broken"), (200, b"[]")]
        self.source.index()
        for _ in range(3):
            self.clock += 61
            with self.assertLogs(gazetteer.logger, "WARNING"):
                self.assertEqual(len(self.source.index().rows), 14)

    def test_without_an_address_there_are_no_names(self) -> None:
        with mock.patch.dict(os.environ, {"API_URL": ""}):
            self.assertEqual(self.source.index().rows, ())
        self.assertEqual(Handler.asked, [])
