"""A file is seen from the branch of its row, and by whoever has just read the row."""

from django.db import migrations

from linli.platform.access.scoped import EnableScope
from linli.platform.files.models import Attachment


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial")]

    operations = [EnableScope("files_attachment", also=Attachment.scope_also)]
