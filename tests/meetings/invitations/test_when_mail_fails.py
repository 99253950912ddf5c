"""The mail server is away, refuses somebody, or dies half-way; nothing is lost, and a person sees what failed."""

import smtplib
from datetime import timedelta
from itertools import count

import pytest
import time_machine

from backend.accounts.models import Role
from backend.common.errors import Conflict
from backend.outbox import services as outbox
from backend.outbox.models import Message
from meetings.invitations import queries
from meetings.scheduling.models import Conference
from tests.factories import NOW, make_user
from tests.meetings.invitations.test_invite_move_cancel import AN, BINH, CHI, MOVED


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def standings(made):
    return {s.name: s for s in queries.standings(Conference.objects.get(pk=made["id"]))}


def test_everybody_is_listed_with_how_they_were_reached(book, smtp, deliver):
    smtp.refuse["an@langson.example"] = "550 5.1.1 no such user"
    made = book(participants=[AN, BINH, CHI])
    assert {name: s.state for name, s in standings(made).items()} == {
        "Nguyễn Văn An": "pending",
        "Trần Thị Bình": "pending",
        "Lê Chi": "phone",
    }
    deliver()
    found = standings(made)
    assert {name: s.state for name, s in found.items()} == {
        "Nguyễn Văn An": "failed",
        "Trần Thị Bình": "sent",
        "Lê Chi": "phone",
    }
    assert "no such user" in found["Nguyễn Văn An"].error
    assert (found["Trần Thị Bình"].sent_at, found["Trần Thị Bình"].error) == (NOW, "")
    assert (found["Lê Chi"].phone, found["Lê Chi"].message_id) == ("0912000111", None)


def test_a_failed_one_is_sent_again_by_one_click_with_the_same_message_id(book, smtp, deliver, world):
    smtp.refuse["an@langson.example"] = "550 no"
    made = book(participants=[AN])
    deliver()
    failed = Message.objects.get(pk=standings(made)["Nguyễn Văn An"].message_id)
    smtp.refuse.clear()
    outbox.send_again(actor=make_user("office", world.province, Role.SECRETARIAT), message=failed, now=NOW)
    [mail] = deliver()
    assert mail.message["Message-ID"] == failed.message_id
    assert standings(made)["Nguyễn Văn An"].state == "sent"


def test_a_repetition_after_a_crash_is_equal_to_the_byte(book, smtp, clock):
    """The server took the mail, but we died before we noted it: the same mail goes out once more."""
    book(participants=[AN])
    [message] = outbox.claim(NOW)
    content = outbox._content(message)
    with smtplib.SMTP("127.0.0.1", smtp.port) as session:
        outbox._send(session, message, content)
    clock.shift(outbox.CLAIM + timedelta(seconds=1))
    outbox.deliver()
    first, second = smtp.take()
    assert first.raw == second.raw
    assert Message.objects.get().state == "sent"


def test_a_crash_before_sending_loses_nothing(book, smtp, deliver, clock):
    book(participants=[AN])
    assert len(outbox.claim(NOW)) == 1
    assert deliver() == []  # somebody has claimed it
    clock.shift(outbox.CLAIM + timedelta(seconds=1))
    assert len(deliver()) == 1


def test_while_the_server_is_away_it_waits_and_a_cancellation_stays_behind(book, act, smtp, deliver, clock, settings):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    made = book(participants=[AN])
    deliver()
    act(made["id"], "reschedule", **MOVED)
    act(made["id"], "cancel", reason="Trùng lịch")
    assert deliver() == []
    first = Message.objects.order_by("id").first()
    assert (first.state, first.attempts) == ("pending", 1)
    settings.EMAIL_PORT = port
    arrived = []
    for _round in count():
        clock.shift(timedelta(seconds=40))
        arrived += deliver()
        if len(arrived) == 3 or _round > 10:
            break
    assert [mail.method for mail in arrived] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [mail.event["SEQUENCE"] for mail in arrived] == [0, 1, 2]


def test_a_full_mailbox_holds_up_its_own_mails_only(book, act, smtp, deliver, clock):
    smtp.refuse["an@langson.example"] = "452 4.2.2 mailbox full"
    made = book(participants=[AN, BINH])
    assert [mail.recipients for mail in deliver()] == [["Binh@LangSon.example"]]
    act(made["id"], "cancel", reason="Trùng lịch")
    assert [(mail.recipients, mail.method) for mail in deliver()] == [(["Binh@LangSon.example"], "CANCEL")]
    smtp.refuse.clear()
    clock.shift(timedelta(minutes=1))
    assert [mail.method for mail in deliver()] == ["REQUEST", "CANCEL"]


def test_an_answer_lost_after_the_data_repeats_the_same_mail(book, smtp, deliver, clock):
    smtp.after_data.append("451 try later")
    book(participants=[AN])
    [first] = deliver()
    clock.shift(timedelta(minutes=1))
    [second] = deliver()
    assert first.raw == second.raw


def test_one_mail_that_cannot_be_made_holds_up_nobody(book, deliver):
    made = book(participants=[AN, BINH])
    broken = Message.objects.get(recipient="an@langson.example")
    broken.payload["guest"]["address"] = "not an address"
    broken.save()
    assert [mail.recipients for mail in deliver()] == [["Binh@LangSon.example"]]
    assert standings(made)["Nguyễn Văn An"].state == "failed"
    assert "not a mail address" in standings(made)["Nguyễn Văn An"].error


def test_a_failed_invitation_is_not_sent_after_its_cancellation(book, act, smtp, deliver, world):
    smtp.refuse["an@langson.example"] = "550 no"
    made = book(participants=[AN])
    deliver()
    failed = Message.objects.get()
    smtp.refuse.clear()
    act(made["id"], "cancel", reason="Trùng lịch")
    assert [mail.method for mail in deliver()] == ["CANCEL"]
    with pytest.raises(Conflict) as refusal:
        outbox.send_again(actor=world.secretary, message=failed, now=NOW)
    assert refusal.value.code == "superseded"
    assert deliver() == []
