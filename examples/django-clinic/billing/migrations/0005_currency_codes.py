from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_items")]

    operations = [migrations.RunSQL("UPDATE billing_invoice SET currency = UPPER(currency)")]
