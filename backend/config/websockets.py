from django.urls import path

from backend.live.consumers import LiveConsumer
from bot.chat.consumers import ChatConsumer

patterns = [
    path("ws/live/", LiveConsumer.as_asgi()),
    path("ws/chat/", ChatConsumer.as_asgi()),
]
