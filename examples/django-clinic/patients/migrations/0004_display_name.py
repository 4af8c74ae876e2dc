from django.db import migrations, models


def fill(apps, schema_editor):
    Patient = apps.get_model("patients", "Patient")
    for patient in Patient.objects.all():
        patient.display_name = f"{patient.first_name} {patient.last_name}"
        patient.save(update_fields=["display_name"])


class Migration(migrations.Migration):
    dependencies = [("patients", "0003_allergy_severity")]

    operations = [
        migrations.AddField(
            model_name="patient",
            name="display_name",
            field=models.CharField(default="", max_length=130),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
