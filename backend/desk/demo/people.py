"""The directory and the accounts. Everybody is invented: a family name and the name of a flower or a tree."""

from collections.abc import Iterator
from itertools import count

from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from backend.accounts.backends import DEMO_PASSWORD
from backend.accounts.models import Grant, Group, Person, Role, User
from backend.common.text import fold
from backend.desk.demo.land import Land
from backend.units.models import Unit
from meetings.sites.models import Site

FAMILIES = (
    "Hoàng", "Nông", "Vi", "Lý", "Triệu", "Nguyễn", "Trần", "Lê", "Phạm", "Lương", "Đàm", "Bế", "Dương", "La", "Mã",
    "Chu", "Hứa", "Đinh", "Vũ",
)  # fmt: skip
NAMES = (
    "Hải Đường", "Mộc Miên", "Thiên Lý", "Thạch Thảo", "Phong Lan", "Ngọc Lan", "Trường Sinh", "Tường Vi", "Dạ Hương",
    "Trúc Đào", "Bằng Lăng", "Tùng Bách", "Hướng Dương", "Cẩm Tú", "Bạch Dương", "Thanh Trà", "Kim Ngân", "Anh Đào",
    "Nguyệt Quế", "Hoài Sơn", "Linh Chi", "Đỗ Quyên", "Mẫu Đơn", "Thủy Tiên", "Phượng Vĩ", "Tử Đằng", "Lộc Vừng",
    "Sơn Trà", "Đan Quế",
)  # fmt: skip
WITHOUT_MAIL = 8  # every eighth person can be reached by phone alone

CENTRE_POSITIONS = ("Phó Chủ nhiệm Văn phòng Chính phủ", "Vụ trưởng Vụ Tổng hợp", "Chuyên viên Vụ Tổng hợp")
PROVINCE_POSITIONS = ("Chủ tịch UBND tỉnh", "Phó Chủ tịch Thường trực UBND tỉnh", "Phó Chủ tịch UBND tỉnh")
LEADER, CLERK, ENGINEER = "Chánh Văn phòng", "Chuyên viên Phòng Hành chính - Tổ chức", "Trực kỹ thuật đường truyền"
OFFICE_POSITIONS = (LEADER, "Phó Chánh Văn phòng", "Trưởng phòng Tổng hợp", CLERK, "Văn thư", ENGINEER)
RECEPTION, COOK = "Trưởng bộ phận Lễ tân", "Bếp trưởng"
GUESTHOUSE_POSITIONS = ("Giám đốc Nhà khách", RECEPTION, COOK)
HEAD, ASSISTANT = "Giám đốc", "Chuyên viên Văn phòng"
TECHNICIAN = "Cán bộ kỹ thuật điểm cầu"
OPERATOR, OPERATORS = "Kỹ thuật viên phòng họp trực tuyến", 4  # of the province, who sit with its rooms

TECHNICIAN_OF = "loc-binh"  # the site that the account `kythuat` looks after

GROUP_LEADERS = "Lãnh đạo UBND tỉnh"
GROUP_HEADS = "Thủ trưởng các sở, ngành"
GROUP_CHAIRS = "Chủ tịch UBND các địa phương"
GROUP_TECHNICIANS = "Cán bộ kỹ thuật các điểm cầu"


def names() -> Iterator[str]:
    """551 different names in a fixed order: 19 and 29 share no factor."""
    for number in count():
        yield f"{FAMILIES[number % len(FAMILIES)]} {NAMES[number * 7 % len(NAMES)]}"


def write_people(land: Land) -> list[Person]:
    """Everybody of the directory, the centre's first; heads and technicians of the localities, then operators, last."""
    posts = [
        *((land.centre, position) for position in CENTRE_POSITIONS),
        *((land.province, position) for position in PROVINCE_POSITIONS),
        *((land.office, position) for position in OFFICE_POSITIONS),
        *((land.guesthouse, position) for position in GUESTHOUSE_POSITIONS),
        *((unit, position) for unit in land.departments.values() for position in (HEAD, ASSISTANT)),
        *((unit, position) for unit in land.localities for position in (_chair_of(unit), TECHNICIAN)),
        *((land.office, OPERATOR) for _number in range(OPERATORS)),
    ]
    people = [_person(number, *post) for number, post in enumerate(zip(names(), posts, strict=False))]
    return Person.objects.bulk_create(people)


def _chair_of(unit: Unit) -> str:
    return f"Chủ tịch UBND {unit.name[0].lower()}{unit.name[1:]}"


def _person(number: int, name: str, post: tuple[Unit, str]) -> Person:
    unit, position = post
    word, host = fold(name).replace(" ", "."), slugify(fold(unit.name))
    mail = "" if number % WITHOUT_MAIL == WITHOUT_MAIL - 1 else f"{word}@{host}.example"
    return Person(name=name, position=position, unit=unit, email=mail, phone=f"0900 000 {number:03}")


def write_groups(land: Land, people: list[Person]) -> None:
    local = {unit.pk for unit in land.localities}
    members = {
        GROUP_LEADERS: [p for p in people if p.unit_id == land.province.pk],
        GROUP_HEADS: [p for p in people if p.position == HEAD],
        GROUP_CHAIRS: [p for p in people if p.unit_id in local and p.position != TECHNICIAN],
        GROUP_TECHNICIANS: [p for p in people if p.position == TECHNICIAN],
    }
    groups = Group.objects.bulk_create(Group(name=name, unit=land.province) for name in members)
    link = Group.people.through
    link.objects.bulk_create(
        link(group_id=group.pk, person_id=person.pk) for group in groups for person in members[group.name]
    )


def write_accounts(land: Land, sites: list[Site], people: list[Person]) -> dict[str, User]:
    """The eight well-known logins but `admin`, with their people and their rights."""
    site = next(site for site in sites if site.code == TECHNICIAN_OF)
    posts = {(p.unit_id, p.position): p for p in people}
    facts = {
        "thuky": (Role.SECRETARIAT, land.province, posts[land.office.pk, CLERK]),
        "lanhdao": (Role.LEADER, land.province, posts[land.office.pk, LEADER]),
        "kythuat": (Role.TECHNICIAN, site.unit, posts[site.unit_id, TECHNICIAN]),
        "truc": (Role.DUTY_ENGINEER, land.province, posts[land.office.pk, ENGINEER]),
        "nhakhach": (Role.GUESTHOUSE, land.province, posts[land.guesthouse.pk, RECEPTION]),
        "bep": (Role.KITCHEN, land.province, posts[land.guesthouse.pk, COOK]),
        "donvikhac": (Role.SECRETARIAT, land.outsider, posts[land.outsider.pk, ASSISTANT]),
    }
    password = make_password(DEMO_PASSWORD)
    users = [
        User(username=login, password=password, first_name=person.name, email=person.email, person=person,
             cleared=login in ("thuky", "lanhdao"))
        for login, (_role, _unit, person) in facts.items()
    ]  # fmt: skip
    User.objects.bulk_create(users)
    Grant.objects.bulk_create(
        Grant(user=user, role=facts[user.username][0], unit=facts[user.username][1]) for user in users
    )
    return {user.username: user for user in users}


def write_admin(root: Unit, password: str) -> User | None:
    """The first account, with every right of set-up from the root down; None when there are accounts already."""
    if User.objects.exists():
        return None
    facts = {"first_name": "Quản trị hệ thống", "password": make_password(password)}
    admin = User.objects.create(username="admin", **facts)
    Grant.objects.create(user=admin, role=Role.ADMIN, unit=root)
    return admin
