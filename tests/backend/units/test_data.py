"""The committed administrative units: complete, consistent, and honest about what was derived."""

import unicodedata
from collections import Counter
from datetime import date

import pytest

from backend.units import build_data, catalogue
from backend.units.catalogue import LAST_OLD_DAY, REFORM, Area, Heir

OLD, NEW = catalogue.valid_on(LAST_OLD_DAY), catalogue.valid_on(REFORM)


def named(units: list[Area]) -> list[str]:
    return [unit.name for unit in units]


def heirs_of(code: str) -> list[str]:
    return sorted(named(catalogue.heirs(OLD[code])))


def test_the_old_map_is_complete():
    assert Counter(unit.level for unit in OLD.values()) == {"provincial": 63, "district": 696, "commune": 10_051}


def test_the_new_map_is_complete():
    assert Counter(unit.level for unit in NEW.values()) == {"provincial": 34, "commune": 3_321}
    kinds = Counter(unit.name.split()[0] for unit in NEW.values() if unit.level == "commune")
    assert kinds == {"Xã": 2_621, "Phường": 687, "Đặc": 13}


def test_the_demo_province_has_its_units_on_both_maps():
    assert named(catalogue.children("20", on=LAST_OLD_DAY)) == [
        "Thành phố Lạng Sơn",
        "Huyện Tràng Định",
        "Huyện Bình Gia",
        "Huyện Văn Lãng",
        "Huyện Cao Lộc",
        "Huyện Văn Quan",
        "Huyện Bắc Sơn",
        "Huyện Hữu Lũng",
        "Huyện Chi Lăng",
        "Huyện Lộc Bình",
        "Huyện Đình Lập",
    ]
    assert len(catalogue.children("183", on=LAST_OLD_DAY)) == 22
    assert len(catalogue.children("20", on=REFORM)) == 65


def test_every_unit_hangs_below_one_of_its_day_that_is_listed_before_it():
    for units in (OLD, NEW):
        listed = {""}
        for unit in units.values():
            assert unit.parent in listed, unit
            listed.add(unit.code)


def test_a_code_and_its_first_day_name_one_unit():
    assert max(Counter((unit.code, unit.valid_from) for unit in catalogue.areas()).values()) == 1


def test_names_are_composed_and_trimmed():
    tidy = [" ".join(unicodedata.normalize("NFC", unit.name).split()) for unit in catalogue.areas()]
    assert tidy == named(list(catalogue.areas()))


def test_eleven_provinces_went_on_unchanged():
    assert sorted(unit.short_name for unit in OLD.values() if unit.level == "provincial" and unit.valid_to is None) == [
        "Cao Bằng",
        "Huế",
        "Hà Nội",
        "Hà Tĩnh",
        "Lai Châu",
        "Lạng Sơn",
        "Nghệ An",
        "Quảng Ninh",
        "Sơn La",
        "Thanh Hóa",
        "Điện Biên",
    ]


@pytest.mark.parametrize(
    ("code", "name", "heirs"),
    [
        ("06", "Tỉnh Bắc Kạn", ["Tỉnh Thái Nguyên"]),
        ("49", "Tỉnh Quảng Nam", ["Thành phố Đà Nẵng"]),
        ("77", "Tỉnh Bà Rịa - Vũng Tàu", ["Thành phố Hồ Chí Minh"]),
        ("755", "Huyện Côn Đảo", ["Đặc khu Côn Đảo"]),
        (
            "178",
            "Thành phố Lạng Sơn",
            ["Phường Kỳ Lừa", "Phường Lương Văn Tri", "Phường Tam Thanh", "Phường Đông Kinh"],
        ),
        ("06250", "Xã Tân Thành", ["Xã Tân Đoàn"]),
        ("06625", "Xã Kiên Mộc", ["Xã Châu Sơn", "Xã Kiên Mộc"]),
    ],
)
def test_an_old_unit_leads_to_those_that_took_over(code, name, heirs):
    assert (OLD[code].name, heirs_of(code)) == (name, heirs)


def test_cao_loc_lives_on_in_eight_communes():
    assert heirs_of("183") == [
        "Phường Kỳ Lừa",
        "Phường Đông Kinh",
        "Xã Ba Sơn",
        "Xã Cao Lộc",
        "Xã Công Sơn",
        "Xã Khánh Khê",
        "Xã Tân Đoàn",
        "Xã Đồng Đăng",
    ]


def test_what_was_worked_out_is_marked():
    """Checked by hand: the demo province. All else follows from codes and names, or stays open."""
    counts = {
        level: Counter(
            "open" if not unit.heirs else "derived" if any(heir.derived for heir in unit.heirs) else "confirmed"
            for unit in OLD.values()
            if unit.level == level and unit.valid_to
        )
        for level in ("provincial", "district", "commune")
    }
    assert counts == {
        "provincial": {"derived": 52},
        "district": {"derived": 685, "confirmed": 11},
        "commune": {"derived": 3_891, "confirmed": 194, "open": 5_966},
    }


def test_only_old_units_have_heirs_and_all_heirs_are_new():
    for unit in catalogue.areas():
        assert unit.valid_to == LAST_OLD_DAY or not unit.heirs
        assert {heir.code for heir in unit.heirs} <= NEW.keys()


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Huyện Cao Lộc", "Cao Lộc"),
        ("Thị trấn Đồng Đăng", "Đồng Đăng"),
        ("Phường 12", "Phường 12"),
        ("Nơi khác", "Nơi khác"),
    ],
)
def test_a_short_name_leaves_the_kind_off(name, short):
    assert catalogue.bare(name) == short


OLD_PACKAGE = [
    {
        "name": "Tỉnh  Đông",
        "code": 1,
        "districts": [
            {
                "name": "Huyện Suối",
                "code": 7,
                "wards": [
                    {"name": "Xã Suối Trên", "code": 10},
                    {"name": "Thị trấn Suối", "code": 13},
                    {"name": "Xã Suối Dưới", "code": 16},
                ],
            },
            {"name": "Huyện Đảo", "code": 9, "wards": []},
        ],
    },
    {
        "name": "Tỉnh Tây",
        "code": 2,
        "districts": [{"name": "Huyện Đồi", "code": 8, "wards": [{"name": "Xã Đồi", "code": 20}]}],
    },
]
NEW_PACKAGE = [
    {
        "name": "Đông",
        "code": 1,
        "wards": [
            {"name": "Xã Suối", "code": 10},
            {"name": "Đặc khu Đảo", "code": 99},
            {"name": "Phường Đồi", "code": 20},
        ],
    }
]


def test_the_build_follows_codes_then_names_then_islands():
    reform = build_data.Reform(build_data.read_old(OLD_PACKAGE), build_data.read_new(NEW_PACKAGE), confirmed={})
    assert [row.cells() for row in reform.settle()] == [
        ["old", "01", "", "Tỉnh Đông", "~01"],
        ["old", "007", "01", "Huyện Suối", "~00010"],
        ["old", "00010", "007", "Xã Suối Trên", "~00010"],
        ["old", "00013", "007", "Thị trấn Suối", "~00010"],
        ["old", "00016", "007", "Xã Suối Dưới", ""],
        ["old", "009", "01", "Huyện Đảo", "~00099"],
        ["old", "02", "", "Tỉnh Tây", "~01"],
        ["old", "008", "02", "Huyện Đồi", "~00020"],
        ["old", "00020", "008", "Xã Đồi", "~00020"],
        ["new", "01", "", "Tỉnh Đông", ""],
        ["new", "00010", "01", "Xã Suối", ""],
        ["new", "00099", "01", "Đặc khu Đảo", ""],
        ["new", "00020", "01", "Phường Đồi", ""],
    ]


def test_what_the_office_confirmed_goes_before_the_codes():
    old, new = build_data.read_old(OLD_PACKAGE), build_data.read_new(NEW_PACKAGE)
    build_data.Reform(old, new, confirmed={"00020": {"00099", "00020"}}).settle()
    assert old["00020"].cells()[-1] == old["008"].cells()[-1] == "00020 00099"


def test_an_heir_tells_whether_it_was_derived():
    (heir,) = catalogue.valid_on(date(2020, 1, 1))["06"].heirs
    assert heir == Heir("19", derived=True)
