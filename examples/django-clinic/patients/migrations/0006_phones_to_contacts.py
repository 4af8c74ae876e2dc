"""Every phone number becomes a contact."""

from django.db import migrations


def copy_phones(apps, schema_editor):
    Patient = apps.get_model("patients", "Patient")
    Contact = apps.get_model("patients", "Contact")
    for patient in Patient.objects.exclude(phone=""):
        Contact.objects.create(patient=patient, kind="phone", value=patient.phone)


def remove_phones(apps, schema_editor):
    apps.get_model("patients", "Contact").objects.filter(kind="phone").delete()


class Migration(migrations.Migration):
    dependencies = [("patients", "0005_contacts")]

    operations = [migrations.RunPython(copy_phones, remove_phones)]
