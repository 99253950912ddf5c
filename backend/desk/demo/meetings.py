"""A handful of conferences from today on, booked as people book them: through the services, rights and all."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from backend.accounts.models import Person, User
from backend.common.errors import Conflict
from backend.common.periods import local_date, local_day, local_time
from backend.desk.demo.people import ENGINEER, HEAD, LEADER, TECHNICIAN
from meetings.scheduling.models import Conference
from meetings.scheduling.rules import Guest, Request
from meetings.scheduling.services import book
from meetings.sites.models import Room, Site

BOOKED_AT = time(6)  # before any office hour, so that today's conferences lie ahead
DAYS = 4
CONTACT = "Phòng Tổng hợp, Văn phòng UBND tỉnh, 0900 000 100"
CENTRE, PROVINCE = "trung-uong", "ubnd-tinh"


@dataclass(frozen=True)
class Meeting:
    """`day` counts from today, `lasts` days; `localities` are places in the list of sites; no bridge without video."""

    title: str
    type: str
    day: int
    begin: time
    end: time
    by: str
    sites: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    localities: range = range(0)
    positions: tuple[str, ...] = ()
    lasts: int = 1
    video: bool = True
    secrecy: str = "none"
    notes: str = ""
    decided_by: str = ""  # of an unscheduled one


MEETINGS = (
    Meeting(
        "Giao ban Văn phòng UBND tỉnh", "briefing", 0, time(8), time(9), "thuky",
        rooms=("Phòng họp Kỳ Cùng",), positions=("Phó Chánh Văn phòng", "Trưởng phòng Tổng hợp"), video=False,
    ),
    Meeting(
        "Họp trực tuyến triển khai phòng, chống thiên tai", "coordination", 0, time(9, 30), time(11), "thuky",
        sites=(PROVINCE,), localities=range(5), positions=(ENGINEER, "Phó Chủ tịch UBND tỉnh"),
        notes="Các điểm cầu có mặt trước 60 phút để kiểm tra kỹ thuật.", decided_by="Chủ tịch UBND tỉnh",
    ),
    Meeting(
        "Họp Ban Chỉ đạo chuyển đổi số tỉnh", "working", 0, time(14), time(16), "thuky",
        sites=(PROVINCE,), localities=range(5, 9), positions=(HEAD, "Phó Chủ tịch Thường trực UBND tỉnh"),
    ),
    Meeting(
        "Rà soát phương án bảo đảm an ninh khu vực cửa khẩu", "working", 1, time(8), time(10), "lanhdao",
        sites=(CENTRE, PROVINCE), rooms=("Phòng họp Nhị Thanh",), positions=("Chủ tịch UBND tỉnh",), secrecy="secret",
        notes="Không mang thiết bị ghi âm, ghi hình vào phòng họp.",
    ),
    Meeting(
        "Hội nghị trực tuyến của Chính phủ với tỉnh về giải ngân vốn đầu tư công", "thematic", 1, time(14),
        time(16, 30), "thuky", sites=(CENTRE, PROVINCE), positions=("Vụ trưởng Vụ Tổng hợp", "Chủ tịch UBND tỉnh"),
    ),
    Meeting(
        "Họp góp ý đề án phát triển thương mại biên giới", "advisory", 2, time(8), time(10), "donvikhac",
        rooms=("Phòng họp Phai Vệ",), positions=(HEAD,), video=False,
    ),
    Meeting(
        "Lớp tập huấn vận hành thiết bị điểm cầu", "training", 2, time(8), time(17), "thuky",
        rooms=("Hội trường Nhà khách",), positions=(TECHNICIAN,), lasts=2, video=False,
    ),
)  # fmt: skip


def write_meetings(now: datetime) -> list[Conference]:
    """Book what is to be seen from `now` on, unless these days have conferences. What clashes is left out."""
    today = local_date(now)
    span = local_day(today, DAYS)
    if Conference.objects.filter(start__gte=span.start, start__lt=span.end).exists():
        return []
    users = {user.username: user for user in User.objects.filter(username__in={each.by for each in MEETINGS})}
    moment = min(now, local_time(today, BOOKED_AT))
    booked = []
    for meeting in MEETINGS:
        with suppress(Conflict):
            booked.append(book(actor=users[meeting.by], request=_request(meeting, today), now=moment))
    return booked


def _request(meeting: Meeting, today: date) -> Request:
    first = today + timedelta(days=meeting.day)
    people = _people(meeting)
    return Request(
        title=meeting.title,
        type=meeting.type,
        start=local_time(first, meeting.begin),
        end=local_time(first + timedelta(days=meeting.lasts - 1), meeting.end),
        site_ids=_sites(meeting),
        room_ids=tuple(Room.objects.filter(name__in=meeting.rooms).values_list("pk", flat=True)),
        chair=_guest(Person.objects.filter(position=LEADER)[0]),
        participants=tuple(map(_guest, people)),
        secrecy=meeting.secrecy,
        bridge_id=None if meeting.video else 0,
        notes=meeting.notes,
        contact=CONTACT,
        unscheduled=bool(meeting.decided_by),
        decided_by=meeting.decided_by,
    )


def _sites(meeting: Meeting) -> tuple[int, ...]:
    """In the order of the demo's list: centre, province, localities."""
    listed = list(Site.objects.order_by("pk").values_list("pk", "code"))
    places = {2 + number for number in meeting.localities}
    return tuple(pk for number, (pk, code) in enumerate(listed) if code in meeting.sites or number in places)


def _people(meeting: Meeting) -> Iterable[Person]:
    """Those in the named positions; of the technicians, a dozen."""
    return Person.objects.filter(position__in=meeting.positions).order_by("pk")[:12]


def _guest(person: Person) -> Guest:
    return Guest(person_id=person.pk)
