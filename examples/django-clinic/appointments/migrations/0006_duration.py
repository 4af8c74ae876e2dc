from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("appointments", "0005_state")]

    operations = [
        migrations.RenameField(
            model_name="appointment",
            old_name="minutes",
            new_name="duration",
        ),
    ]
