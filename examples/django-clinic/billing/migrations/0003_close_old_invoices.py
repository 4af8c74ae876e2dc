from datetime import date

from django.db import migrations


def close(apps, schema_editor):
    Invoice = apps.get_model("billing", "Invoice")
    Invoice.objects.filter(issued_on__lt=date(2020, 1, 1)).update(closed=True)


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_due_dates")]

    operations = [migrations.RunPython(close)]
