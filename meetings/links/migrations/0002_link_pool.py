from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def give_pools(apps: Any, schema_editor: Any) -> None:
    """Every line that stands gets its bandwidth as a pool, in kbit/s."""
    Link = apps.get_model("meetings_links", "Link")
    Pool = apps.get_model("backend_reservations", "Pool")
    links = list(Link.objects.filter(pool=None).select_related("site", "a", "b"))
    for link in links:
        name = f"{link.site.name} ({link.code})" if link.site else f"{link.a.name} – {link.b.name}"
        link.pool = Pool(
            kind="line" if link.site else "trunk",
            name=name[:200],
            unit_id=link.site.unit_id if link.site else link.unit_id,
            capacity=min(link.capacity_mbps * 1000, 2**31 - 1),
        )
    Pool.objects.bulk_create([link.pool for link in links])
    for link in links:
        link.pool = link.pool
    Link.objects.bulk_update(links, ["pool"], batch_size=1000)


def take_pools(apps: Any, schema_editor: Any) -> None:
    Link = apps.get_model("meetings_links", "Link")
    Hold = apps.get_model("backend_reservations", "Hold")
    Pool = apps.get_model("backend_reservations", "Pool")
    Link.objects.update(pool=None)
    for table, column in ((Hold, "pool__kind__in"), (Pool, "kind__in")):
        table.objects.filter(**{column: ["line", "trunk"]}).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("backend_reservations", "0001_initial"),
        ("meetings_links", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="link",
            name="pool",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="link",
                to="backend_reservations.pool",
            ),
        ),
        migrations.RunPython(give_pools, take_pools),
    ]
