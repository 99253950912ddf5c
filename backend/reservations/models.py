"""What can be booked: resources with one holder at a time, pools with so much at once.

The exclusion constraint is the truth. It works without any extension: a resource is the range [id, id].
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q

from backend.units.models import Unit


class ResourceRange(Func):
    template = "int8range(%(expressions)s, %(expressions)s, '[]')"


_BOUNDED = (
    Q(during__isempty=False)
    & Q(during__startswith__isnull=False)
    & Q(during__endswith__isnull=False)
    & Q(during__lower_inc=True)
    & Q(during__upper_inc=False)
)


class Resource(models.Model):
    """A thing with one holder at a time: a meeting room, a guest room. `kind` and `name` are what a refusal shows."""

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT)

    def __str__(self) -> str:
        return self.name


class Reservation(models.Model):
    """`holder` has `resource` during [start, end). A row with `expires_at` counts until then."""

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="reservations", db_index=False)
    during = DateTimeRangeField()
    holder_kind = models.CharField(max_length=20)
    holder_id = models.BigIntegerField()
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["holder_kind", "holder_id"], name="reservations_res_holder")]
        constraints = [
            ExclusionConstraint(
                name="backend_reservations_reservation_no_overlap",
                expressions=[
                    (ResourceRange(F("resource_id")), RangeOperators.OVERLAPS),
                    (F("during"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=_BOUNDED, name="backend_reservations_reservation_bounded"),
        ]


class Pool(models.Model):
    """So much at once: the ports of a bridge, the covers of a kitchen."""

    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT)
    capacity = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.name


class Hold(models.Model):
    """`holder` takes `amount` of `pool` during [start, end)."""

    pool = models.ForeignKey(Pool, on_delete=models.PROTECT, related_name="holds", db_index=False)
    amount = models.PositiveIntegerField()
    during = DateTimeRangeField()
    holder_kind = models.CharField(max_length=20)
    holder_id = models.BigIntegerField()
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["holder_kind", "holder_id"], name="reservations_hold_holder"),
            GistIndex(ResourceRange(F("pool_id")), F("during"), name="reservations_hold_during"),
        ]
        constraints = [
            models.CheckConstraint(condition=_BOUNDED, name="backend_reservations_hold_bounded"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="backend_reservations_hold_amount"),
        ]
