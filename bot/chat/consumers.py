"""`/ws/chat/`."""

from channels.generic.websocket import AsyncJsonWebsocketConsumer


class ChatConsumer(AsyncJsonWebsocketConsumer):
    async def receive_json(self, content: dict, **kwargs: object) -> None:
        await self.send_json({"type": "error", "code": "bot_away", "detail": "…"})
