"""A person opens the mail: its tree, its headers, its words."""

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from icalendar import Calendar

from meetings.invitations.compose import compose
from meetings.invitations.facts import CANCEL, INVITE, MOVE, UPDATE, WITHDRAW, AgendaLine, Facts, Guest
from tests.meetings.invitations.given import END, HOSTILE, START, facts, guest

MESSAGE_ID = "<4f1d@caunoi.example>"


def raw(facts: Facts, guest: Guest, action: str = INVITE) -> bytes:
    return compose(facts, guest, action=action, message_id=MESSAGE_ID).as_bytes(policy=policy.SMTP)


def opened(facts: Facts, guest: Guest, action: str = INVITE) -> EmailMessage:
    return message_from_bytes(raw(facts, guest, action), policy=policy.SMTP)


def text(mail: EmailMessage, form: str = "plain") -> str:
    return mail.get_body((form,)).get_content()


def everything(data: bytes) -> str:
    """The mail as it travels, and each part decoded."""
    parts = message_from_bytes(data, policy=policy.SMTP).walk()
    decoded = [part.get_payload(decode=True) for part in parts if not part.is_multipart()]
    return "\n".join([data.decode("ascii"), *(part.replace(b"\r\n ", b"").decode() for part in decoded)])


def test_the_tree_is_the_one_that_every_client_reads():
    mail = opened(facts(), guest())
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    calendar, attached = list(mail.walk())[4:]
    assert dict(calendar["Content-Type"].params) == {"method": "REQUEST", "charset": "utf-8"}
    assert (calendar["Content-Transfer-Encoding"], attached.get_filename()) == ("base64", "invite.ics")
    assert calendar.get_payload(decode=True) == attached.get_payload(decode=True)
    assert calendar.get_payload(decode=True).count(b"\r\n") == calendar.get_payload(decode=True).count(b"\n")


@pytest.mark.parametrize(
    ("action", "method"),
    [(INVITE, "REQUEST"), (MOVE, "REQUEST"), (UPDATE, "REQUEST"), (CANCEL, "CANCEL"), (WITHDRAW, "CANCEL")],
)
def test_the_method_stands_in_both_places(action, method):
    calendar = list(opened(facts(), guest(), action).walk())[4]
    assert calendar.get_param("method") == method
    assert Calendar.from_ical(calendar.get_payload(decode=True))["METHOD"] == method


def test_the_headers_are_those_of_a_machine_that_wants_no_machine_to_answer():
    mail = opened(facts(), guest())
    assert mail["From"].addresses[0].display_name == "Văn phòng UBND tỉnh Lạng Sơn"
    assert mail["From"].addresses[0].addr_spec == mail["Reply-To"].addresses[0].addr_spec == "hop+k3x9@caunoi.example"
    assert [(a.display_name, a.addr_spec) for a in mail["To"].addresses] == [("Lê Thị Mẫu", "mau.le@langson.example")]
    assert mail["Subject"] == "Giấy mời: Hội nghị trực tuyến quý IV, 08:00 05/12/2026"
    assert (mail["Message-ID"], mail["Content-Language"]) == (MESSAGE_ID, "vi")
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-generated", "OOF, AutoReply")
    assert mail["Date"].datetime == facts().stamp


def test_it_reads_as_an_office_writes():
    assert text(opened(facts(), guest())).rstrip().replace("\r\n", "\n") == (
        "Kính gửi: Đồng chí Lê Thị Mẫu, Giám đốc Sở Tư pháp\n"
        "\n"
        "Văn phòng UBND tỉnh Lạng Sơn trân trọng kính mời tham dự:\n"
        "\n"
        "Hội nghị trực tuyến quý IV\n"
        "\n"
        "Thời gian: từ 08 giờ 00 đến 11 giờ 30, thứ Bảy, ngày 05/12/2026\n"
        "Địa điểm: Phòng họp số 1, điểm cầu Xã Gia Cát\n"
        "Điểm cầu chính: Phòng họp tầng 2, điểm cầu UBND tỉnh Lạng Sơn\n"
        "Chủ trì: Trần Văn Mẫu, Chủ tịch UBND tỉnh\n"
        "Các điểm cầu: UBND tỉnh Lạng Sơn, Xã Gia Cát\n"
        "Chương trình:\n"
        "  - 08:00–08:30: Báo cáo kết quả quý IV\n"
        "  - 08:30–11:30: Thảo luận; kết luận\n"
        "Ghi chú:\n"
        "  - Mang theo tài liệu.\n"
        "  - Đến trước 15 phút.\n"
        "Mã cuộc họp: HN-2026-0042\n"
        "\n"
        "Tệp invite.ics kèm theo đưa cuộc họp vào lịch công tác trên máy tính và điện thoại.\n"
        "\n"
        "Văn phòng UBND tỉnh Lạng Sơn"
    )


def test_a_foreigner_reads_english():
    body = text(opened(facts(), guest(language="en", role="guest")))
    assert "Dear Sir or Madam Lê Thị Mẫu" in body
    assert "Time: 08:00 to 11:30, Saturday, 5 December 2026" in body


@pytest.mark.parametrize(
    ("who", "greeting"),
    [
        ({"role": "guest", "position": "Giám đốc"}, "Kính gửi: Ông/Bà Lê Thị Mẫu, Giám đốc"),
        ({"name": "Sở Tư pháp", "position": ""}, "Kính gửi: Sở Tư pháp"),
    ],
)
def test_guests_and_organisations_are_not_called_comrade(who, greeting):
    assert text(opened(facts(), guest(**who))).split("\r\n")[0] == greeting


def test_a_moved_meeting_shows_the_old_hour_too():
    before = (START - timedelta(days=1), END - timedelta(days=1))
    mail = opened(facts(before=before), guest(), MOVE)
    assert "Thời gian đã thông báo: từ 08 giờ 00 đến 11 giờ 30, thứ Sáu, ngày 04/12/2026" in text(mail)
    assert "<s>từ 08 giờ 00 đến 11 giờ 30, thứ Sáu, ngày 04/12/2026</s>" in text(mail, "html")
    newcomer = opened(facts(before=before), guest(), INVITE)
    assert "04/12/2026" not in text(newcomer)


def test_a_meeting_of_several_days_names_both_and_dates_its_agenda():
    line = AgendaLine(start=END, end=END + timedelta(hours=1), title="Bế mạc")
    body = text(opened(facts(end=END + timedelta(days=1), agenda=(line,)), guest()))
    assert "từ 08 giờ 00, thứ Bảy, ngày 05/12/2026 đến 11 giờ 30, Chủ nhật, ngày 06/12/2026" in body
    assert "Chương trình: 05/12 11:30–12:30: Bế mạc" in body


def test_sixty_seven_sites_do_not_fill_the_page():
    names = tuple(f"Xã số {n}" for n in range(67))
    [line] = [x for x in text(opened(facts(sites=names), guest())).split("\r\n") if x.startswith("Các điểm cầu")]
    assert line.endswith("Xã số 10, Xã số 11, và 55 điểm cầu khác")


@pytest.mark.parametrize("text_", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("action", [INVITE, CANCEL])
def test_hostile_text_adds_no_header_no_part_no_person(text_, action):
    fields = ("title", "sender_name", "convener", "chair", "hosted_at", "room", "notes", "contact")
    given = facts(**dict.fromkeys(fields, text_), sites=(text_, text_))
    mail = opened(given, guest(name=text_, position=text_, place=text_, room=text_), action)
    plain = opened(facts(), guest(), action)
    assert mail.keys() == plain.keys()
    assert [part.get_content_type() for part in mail.walk()] == [part.get_content_type() for part in plain.walk()]
    assert [a.addr_spec for a in mail["To"].addresses] == ["mau.le@langson.example"]
    assert [a.addr_spec for a in mail["From"].addresses] == ["hop+k3x9@caunoi.example"]
    assert "<script" not in text(mail, "html")
    assert "<img" not in text(mail, "html")


@pytest.mark.parametrize(
    "address", ["a@x.example\r\nBcc: b@x.example", "a@x.example, b@x.example", "<a@x.example>", "nobody", "đ@x.example"]
)
def test_what_is_not_one_plain_address_is_refused(address):
    with pytest.raises(ValueError):
        raw(facts(), guest(address=address))


def test_nobody_else_is_found_in_a_mail():
    data = everything(raw(facts(), guest()))
    assert {word.strip("<>;:,") for word in data.split() if "@" in word and "mailto" not in word} == {
        "hop+k3x9@caunoi.example",
        "mau.le@langson.example",
        "4f1d@caunoi.example",
        "UID:5f0c2a@caunoi.example",
    }


SECRETS = ("TUYETMAT", "CHUTRI", "GHICHU", "LIENHE", "CHUONGTRINH", "DIEMCAU", "DONVI", "KENH")


@pytest.mark.parametrize("action", [INVITE, MOVE, UPDATE, CANCEL, WITHDRAW])
def test_a_secret_meeting_leaks_nothing(action):
    line = AgendaLine(start=START, end=END, title="CHUONGTRINH")
    leaky = {
        "title": "TUYETMAT",
        "chair": "CHUTRI",
        "notes": "GHICHU",
        "contact": "LIENHE",
        "agenda": (line,),
        "sites": ("DIEMCAU", "DIEMCAU2"),
        "convener": "DONVI",
        "sender_name": "DONVI",
        "join_url": "https://KENH.example/",
    }
    open_mail = everything(raw(facts(**leaky), guest(), action))
    assert all(word in open_mail for word in SECRETS)  # these words would be seen if they leaked
    secret = everything(raw(facts(**leaky, secret=True), guest(), action))
    assert [word for word in SECRETS if word in secret] == []
    mail = opened(facts(**leaky, secret=True), guest(), action)
    assert "Họp theo giấy mời HN-2026-0042" in mail["Subject"]
    assert "Thời gian: từ 08 giờ 00" in text(mail)
    assert "Địa điểm: Phòng họp số 1" in text(mail)


def test_the_same_facts_give_the_same_mail():
    assert raw(facts(), guest()) == raw(facts(), guest())
