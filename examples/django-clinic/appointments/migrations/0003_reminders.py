from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0002_slot_constraint")]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="reminded_at",
            field=models.DateTimeField(null=True),
        ),
    ]
