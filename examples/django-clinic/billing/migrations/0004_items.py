from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_close_old_invoices")]

    operations = [
        migrations.RenameModel(
            old_name="InvoiceLine",
            new_name="Item",
        ),
    ]
