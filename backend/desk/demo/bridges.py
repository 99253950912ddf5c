"""Two bridges: the province's own unit, which one dials, and a carrier's system, which carries calls over to it."""

from backend.reservations.models import Pool
from backend.units.models import Unit
from meetings.scheduling.bridge_models import BridgeSetup
from meetings.scheduling.vault import locked
from meetings.sites.models import Bridge, Platform

OWN, CARRIERS = "Hệ thống hội nghị trực tuyến tỉnh", "Hệ thống hội nghị của VNPT"


def write_bridges(province: Unit) -> None:
    """The first is what a conference takes by itself; addresses, PIN and phone are invented."""
    own = _bridge(OWN, province, 100, [Platform.SIP, Platform.H323, Platform.WEBRTC], cleared=True)
    settings = {"sip": "mcu.caunoi.example", "h323": "192.0.2.10", "number": "8001-8040", "phone": "0205 3000 111"}
    BridgeSetup.objects.create(bridge=own, adapter="dial", settings=settings, sealed=locked({"pin": "2468"}))
    carriers = _bridge(CARRIERS, province, 60, [Platform.VNPT, Platform.SIP], gateway=True)
    settings = {"phone": "1800 0000"}
    BridgeSetup.objects.create(bridge=carriers, adapter="manual", settings=settings, sealed=locked({}))


def _bridge(name: str, unit: Unit, ports: int, platforms: list[Platform], **values: bool) -> Bridge:
    pool = Pool.objects.create(kind="ports", name=name, unit=unit, capacity=ports)
    return Bridge.objects.create(name=name, unit=unit, platforms=platforms, pool=pool, **values)
