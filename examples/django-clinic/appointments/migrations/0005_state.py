from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0004_merge_rooms_reminders")]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="state",
            field=models.CharField(
                choices=[("booked", "Booked"), ("seen", "Seen"), ("missed", "Missed")],
                default="booked",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(fields=["patient", "state"], name="appointment_by_patient"),
        ),
    ]
