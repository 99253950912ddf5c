import psycopg
from django.apps import AppConfig

from backend.common.arrays import QuickListDumper


class CommonConfig(AppConfig):
    name = "backend.common"
    label = "backend_common"

    def ready(self) -> None:
        psycopg.adapters.register_dumper(list, QuickListDumper)
