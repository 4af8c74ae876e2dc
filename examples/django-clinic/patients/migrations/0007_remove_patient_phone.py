from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("patients", "0006_phones_to_contacts")]

    operations = [
        migrations.RemoveField(
            model_name="patient",
            name="phone",
        ),
    ]
