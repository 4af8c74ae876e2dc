from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("billing", "0005_currency_codes")]

    operations = [
        migrations.RunSQL(
            sql="""
                CREATE VIEW billing_totals AS
                SELECT invoice_id, SUM(amount) AS total
                FROM billing_item
                GROUP BY invoice_id
            """,
            reverse_sql="DROP VIEW billing_totals",
        ),
    ]
