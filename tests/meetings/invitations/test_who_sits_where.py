"""A guest reads the room of the site they go to (pure)."""

import pytest

from meetings.invitations.seating import Place, Seating

CENTRE, PROVINCE, COMMUNE, DEPARTMENT = 1, 2, 3, 4
AT_PROVINCE = Place(site="UBND tỉnh", site_id=20, unit_id=PROVINCE, names=("Lạng Sơn",), room="P1", room_id=7)
AT_COMMUNE = Place(site="UBND xã", site_id=30, unit_id=COMMUNE, names=("UBND xã", "Xã Gia Cát"), room="P2", room_id=8)
SEATING = Seating([AT_PROVINCE, AT_COMMUNE])


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ([CENTRE, PROVINCE, COMMUNE], AT_COMMUNE),
        ([CENTRE, PROVINCE], AT_PROVINCE),
        ([CENTRE, PROVINCE, DEPARTMENT], AT_PROVINCE),
        ([CENTRE], None),
        ([], None),
    ],
)
def test_a_person_goes_to_the_nearest_site_at_or_above_their_unit(path, place):
    assert SEATING.of_person(path) == place


@pytest.mark.parametrize(
    ("name", "place"), [("xa gia cat", AT_COMMUNE), ("UBND XÃ", AT_COMMUNE), ("Xã khác", None), ("", None)]
)
def test_a_typed_unit_is_found_by_name(name, place):
    assert SEATING.of_name(name) == place


def test_two_rooms_at_one_site_say_nothing_about_who_sits_where():
    second = Place(site="UBND xã", site_id=30, unit_id=COMMUNE, names=("UBND xã",), room="P3", room_id=9)
    seating = Seating([AT_PROVINCE, AT_COMMUNE, second])
    assert seating.of_person([PROVINCE, COMMUNE]) == AT_PROVINCE
    assert seating.of_name("xã gia cát") is None
    assert seating.of_site(30) == AT_COMMUNE
    assert seating.sites() == ("UBND tỉnh", "UBND xã")
