from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "bot.chat"
    label = "bot_chat"
