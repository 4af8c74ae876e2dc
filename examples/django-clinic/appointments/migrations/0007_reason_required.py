from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0006_duration")]

    operations = [
        migrations.AlterField(
            model_name="appointment",
            name="reason",
            field=models.CharField(default="unknown", max_length=200),
            preserve_default=False,
        ),
    ]
