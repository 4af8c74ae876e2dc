from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patients", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Allergy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True)),
            ],
            options={"verbose_name_plural": "allergies"},
        ),
        migrations.AddField(
            model_name="patient",
            name="allergies",
            field=models.ManyToManyField(blank=True, to="patients.allergy"),
        ),
    ]
