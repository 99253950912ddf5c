"""Sites and meeting rooms."""

from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from backend.accounts.models import User
from backend.common.bulk import check_fields
from backend.common.errors import Invalid
from backend.common.text import fold
from backend.desk.setup import scope
from backend.desk.setup.sheets import cells
from backend.desk.setup.sheets.cells import Column
from backend.desk.setup.sheets.names import Names, UnitNames
from backend.desk.setup.sheets.plan import NUMBER, Sheet
from meetings.sites import services
from meetings.sites.models import Platform, Room, Site

LABELS = dict(Platform.choices)

SITE_TIERS = (
    lambda site: [site.code],
    lambda site: [site.name, f"{site.name} ({site.unit.name})"],
    lambda site: site.old_names.split(";"),
)


class SiteNames(Names):
    """Sites in use inside the scope; also by their unit's name, where a unit has one site."""

    def __init__(self, user: User) -> None:
        rows = scope.sites(user).filter(active=True).order_by("pk")
        super().__init__(rows, (*SITE_TIERS, lambda site: [site.unit.name]), lambda site: f"{site.name} ({site.code})")

    def show(self, site: Site) -> str:
        return site.name if len(self.candidates(site.name)) == 1 else site.code


class SiteSheet(Sheet):
    title = _("Sites")

    def __init__(self, user: User) -> None:
        super().__init__(user)
        self.units = UnitNames(user)
        self._known = list(scope.sites(user).order_by("unit__level__rank", "name", "pk"))
        self._by_code = {site.code: site for site in self._known}
        self.codes = dict(Site.objects.values_list("code", "pk"))
        self.columns = (
            NUMBER,
            Column("name", _("Name"), cells.text(200), cells.shown("name"), required=True),
            Column(
                "unit",
                _("Unit"),
                cells.named(self.units),
                lambda s: self.units.label(s.unit),
                required=True,
                note=_("Name or code of a unit that you administer."),
            ),
            Column(
                "code",
                _("Code"),
                cells.text(50),
                cells.shown("code"),
                note=_("Short, without diacritics or spaces; empty: made of the name."),
            ),
            Column("address", _("Address"), cells.text(300), cells.shown("address")),
            Column("phone", _("Technician's phone"), cells.phone, cells.shown("phone")),
            Column(
                "old_names",
                _("Former names"),
                cells.text(500),
                cells.shown("old_names"),
                note=_("Separated by semicolons."),
            ),
            cells.flag("cleared", _("Cleared for state secrets"), False),
            cells.flag("active", _("Active"), True),
        )

    def rows(self) -> Sequence[Site]:
        return self._known

    def find(self, values: dict[str, Any]) -> Site | None:
        if site := self.by_number(values):
            return site
        if values.get("code"):
            return self._by_code.get(values["code"])
        alike = [s for s in self._known if fold(s.name) == fold(values["name"]) and s.unit_id == values["unit"].pk]
        return alike[0] if alike else None

    def build(self, row: Site | None, values: dict[str, Any]) -> Site:
        site = row or Site()
        for name in set(values) - {"pk", "code"}:
            setattr(site, name, values[name])
        site.code = values.get("code") or site.code or self._free_code(slugify(fold(site.name))[:45])
        self.codes.setdefault(site.code, site.pk)
        return site

    def _free_code(self, code: str) -> str:
        numbered = (f"{code}-{number}" for number in range(2, len(self.codes) + 3))
        return code if code and code not in self.codes else next(c for c in numbered if c not in self.codes)

    def check(self, row: Site) -> None:
        check_fields(row)
        if self.codes.get(row.code, row.pk) != row.pk:
            raise Invalid("code_taken", _t("Another site has the code “%(code)s”.") % {"code": row.code}, field="code")

    def key(self, row: Site) -> Hashable:
        return row.pk or row.code

    def save(self, rows: list[Site], now: datetime) -> None:
        services.save_sites(actor=self.user, sites=rows, now=now)


class RoomSheet(Sheet):
    title = _("Meeting rooms")

    def __init__(self, user: User) -> None:
        super().__init__(user)
        self.sites = SiteNames(user)
        order = ("site__unit__level__rank", "site__name", "name", "pk")
        self._known = list(scope.rooms(user).order_by(*order))
        self._by_name = {(room.site_id, fold(room.name)): room for room in self._known}
        self.columns = (
            NUMBER,
            Column(
                "site",
                _("Site"),
                cells.named(self.sites),
                lambda r: self.sites.show(r.site),
                required=True,
                note=_("Name or code of a site that you administer."),
            ),
            Column("name", _("Name"), cells.text(200), cells.shown("name"), required=True),
            Column("capacity", _("Seats"), cells.whole(1, services.MOST_SEATS), cells.shown("capacity"), required=True),
            Column(
                "equipment",
                _("Equipment"),
                cells.several,
                lambda r: ", ".join(r.equipment),
                note=_("Separated by commas."),
            ),
            Column(
                "platforms",
                _("Platforms"),
                cells.choices(Platform.choices),
                lambda r: ", ".join(str(LABELS.get(name, name)) for name in r.platforms),
                note=_("Separated by commas."),
                words=cells.labels(Platform.choices),
            ),
            cells.flag("cleared", _("Checked for state secrets"), False),
            cells.flag("active", _("Active"), True),
        )
        self._sites = {room.pk: room.site_id for room in self._known}

    def rows(self) -> Sequence[Room]:
        return self._known

    def find(self, values: dict[str, Any]) -> Room | None:
        return self.by_number(values) or self._by_name.get((values["site"].pk, fold(values["name"])))

    def build(self, row: Room | None, values: dict[str, Any]) -> Room:
        room = row or Room()
        for name in set(values) - {"pk"}:
            setattr(room, name, values[name])
        return room

    def check(self, row: Room) -> None:
        check_fields(row)
        if row.pk and self._sites[row.pk] != row.site_id:
            raise Invalid("room_moved", _t("A room stays at its site: store a new one there."), field="site")
        other = self._by_name.get((row.site_id, fold(row.name)))
        if other is not None and other.pk != row.pk:
            raise Invalid("name_taken", _t("The site has a room of this name already."), field="name")

    def key(self, row: Room) -> Hashable:
        return row.site_id, fold(row.name)

    def save(self, rows: list[Room], now: datetime) -> None:
        services.save_rooms(actor=self.user, rooms=rows, now=now)
