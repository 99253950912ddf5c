"""`/ws/live/`: `{"type": "changed", "what", "id"}` for what lies in the user's scope."""

from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from backend.accounts.queries import scope
from backend.live.services import GROUP


class LiveConsumer(AsyncJsonWebsocketConsumer):
    async def connect(self) -> None:
        self.units = set(await database_sync_to_async(scope)(self.scope["user"]))
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def receive(self, **kwargs: Any) -> None:
        """Clients only listen; what they send is ignored."""

    async def changed(self, event: dict) -> None:
        for id_, units in event["items"]:
            if self.units.intersection(units):
                await self.send_json({"type": "changed", "what": event["what"], "id": id_})
