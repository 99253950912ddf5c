"""Bridges of every kind behind one interface; a new one is a folder like these and a line here."""

from meetings.scheduling.adapters.base import Adapter
from meetings.scheduling.adapters.bigbluebutton.adapter import BigBlueButton
from meetings.scheduling.adapters.dial.adapter import Dial
from meetings.scheduling.adapters.jitsi.adapter import Jitsi
from meetings.scheduling.adapters.manual.adapter import Manual

ADAPTERS: dict[str, Adapter] = {adapter.key: adapter for adapter in (Manual(), Dial(), Jitsi(), BigBlueButton())}
