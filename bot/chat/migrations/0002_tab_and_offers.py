from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bot_chat", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("conversation", "tab", models.CharField(blank=True, default="", max_length=64)),
        migrations.AddField("conversation", "offered", models.JSONField(default=list)),
        migrations.AddIndex("conversation", models.Index(fields=["user", "tab"], name="bot_chat_conversation_tab")),
    ]
