"""Who holds which post, and what is lent, is seen from the branch; one's own always."""

from django.db import migrations

from linli.platform.access.models import Grant, Holding
from linli.platform.access.scoped import EnableScope


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]

    operations = [
        EnableScope("access_holding", also=Holding.scope_also),
        EnableScope("access_grant", also=Grant.scope_also),
    ]
