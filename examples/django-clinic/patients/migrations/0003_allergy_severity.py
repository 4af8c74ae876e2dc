"""The table behind Patient.allergies becomes a model, so that it can say how severe an allergy is."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patients", "0002_allergies")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="PatientAllergy",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "allergy",
                            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="patients.allergy"),
                        ),
                        (
                            "patient",
                            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="patients.patient"),
                        ),
                    ],
                    options={
                        "db_table": "patients_patient_allergies",
                        "unique_together": {("patient", "allergy")},
                    },
                ),
                migrations.AlterField(
                    model_name="patient",
                    name="allergies",
                    field=models.ManyToManyField(
                        blank=True, through="patients.PatientAllergy", to="patients.allergy"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="patientallergy",
            name="severity",
            field=models.PositiveSmallIntegerField(null=True),
        ),
    ]
