"""HTTP and websockets. Origin check outside authentication outside routing: a stranger never reaches code of ours."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
http = get_asgi_application()

from backend.config.websockets import patterns  # noqa: E402  (needs the loaded apps)
from backend.live.middleware import SignedInOnly  # noqa: E402
from bot.chat.tickets import TicketMiddleware  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": AllowedHostsOriginValidator(
            AuthMiddlewareStack(TicketMiddleware(SignedInOnly(URLRouter(patterns))))
        ),
    }
)
