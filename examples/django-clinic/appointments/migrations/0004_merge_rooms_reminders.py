from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("appointments", "0003_reminders"),
        ("appointments", "0003_rooms"),
    ]

    operations = []
