"""A secret conference is mailed as code, hour and place. The data could leak; the raw bytes are searched."""

import json
from datetime import timedelta

import pytest
import time_machine

from backend.outbox.models import Message
from meetings.invitations.models import Edition
from tests.factories import NOW, make_site, make_unit
from tests.meetings.invitations.test_invite_move_cancel import AN, BINH, CHI, MOVED, NOBODY

TITLE, NOTES, POINT, REASON, CHAIR = "TUYỆT-MẬT-ĐỀ", "TUYỆT-MẬT-GHI", "TUYỆT-MẬT-MỤC", "TUYỆT-MẬT-LÝ", "TUYỆT-MẬT-CHỦ"
AGENDA = [{"start": "2026-11-25T08:00:00+07:00", "end": "2026-11-25T09:00:00+07:00", "title": POINT}]
CONTENT = {
    "title": TITLE,
    "notes": NOTES,
    "agenda": AGENDA,
    "chair": {**NOBODY, "name": CHAIR, "email": "chu@x.example"},
}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def hall(world):
    """One cleared room of a cleared site; without a bridge no line is needed."""
    unit = make_unit("Văn phòng", world.province.level, world.province)
    return make_site(unit, "kin", "Điểm cầu kín", cleared=True)


def leaks(text: str) -> list[str]:
    return [word for word in ("TUYỆT-MẬT", "TUY\\u1ec6T", TITLE, NOTES, POINT, REASON) if word in text]


def test_what_is_open_would_be_found(book, act, hall, deliver):
    made = book(**CONTENT, sites=[hall.pk], participants=[AN])
    act(made["id"], "cancel", reason=REASON)
    found = "".join(mail.everything for mail in deliver())
    assert all(word in found for word in (TITLE, NOTES, POINT, REASON, CHAIR))


def test_from_the_first_mail_to_the_last_nothing_leaks(book, act, hall, deliver):
    made = book(**CONTENT, sites=[hall.pk], secrecy="top_secret", participants=[AN, BINH, CHI])
    act(made["id"], "reschedule", **MOVED)
    act(made["id"], participants=[BINH, {**NOBODY, "name": "Dung", "email": "dung@x.example"}])
    act(made["id"], "cancel", reason=REASON)
    mails = deliver()
    assert sorted({mail.method for mail in mails}) == ["CANCEL", "REQUEST"]
    for mail in mails:
        own = mail.recipients == ["chu@x.example"]  # the chair is addressed by name
        assert leaks(mail.everything.replace(CHAIR, "") if own else mail.everything) == []
        assert mail.event["SUMMARY"].endswith(made["code"])
        assert mail.event["LOCATION"] == "Phòng họp Điểm cầu kín, Điểm cầu kín"
        assert mail.event["CLASS"] == "PRIVATE"
        assert str(mail.event["ORGANIZER"].params["CN"]) != "Tỉnh Lạng Sơn"
    stored = json.dumps([*Edition.objects.values_list("facts", flat=True)], ensure_ascii=False)
    subjects = "".join(Message.objects.values_list("subject", flat=True))
    assert leaks(stored + subjects) == []


def test_what_becomes_secret_before_its_mail_left_leaves_without_its_title(book, act, hall, smtp, deliver, clock):
    smtp.refuse["an@langson.example"] = "451 later"
    made = book(**CONTENT, sites=[hall.pk], participants=[AN])
    [chair] = deliver()
    assert chair.recipients == ["chu@x.example"]
    assert leaks(bytes(Message.objects.get(recipient="an@langson.example").body).decode("latin-1")) == []  # base64
    act(made["id"], secrecy="secret")
    smtp.refuse.clear()
    clock.shift(timedelta(minutes=2))
    mails = deliver()
    assert [(mail.recipients[0], mail.method) for mail in mails if mail.recipients != ["chu@x.example"]] == [
        ("an@langson.example", "REQUEST"),
        ("an@langson.example", "REQUEST"),
    ]
    assert [word for mail in mails for word in leaks(mail.everything.replace(CHAIR, ""))] == []
    assert leaks("".join(Message.objects.exclude(recipient="chu@x.example").values_list("subject", flat=True))) == []


def test_the_downloaded_file_is_masked_too(world, book, hall, download):
    made = book(**CONTENT, sites=[hall.pk], secrecy="secret", participants=[AN])
    answer = download(world.secretary, made["id"])
    assert answer.status_code == 200
    assert leaks(answer.content.replace(b"\r\n ", b"").decode()) == []
