"""What higher parts may want to know, sent inside the transaction. Each receiver is one service call.

delegation_changed(delegation, actor, now): its name, days or people have changed.
delegation_cancelled(delegation, actor, now): its stays are already free.
"""

from django.dispatch import Signal

delegation_changed = Signal()
delegation_cancelled = Signal()
