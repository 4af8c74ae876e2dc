from django.db import models


class Allergy(models.Model):
    name = models.CharField(max_length=80, unique=True)

    class Meta:
        verbose_name_plural = "allergies"


class Patient(models.Model):
    number = models.CharField(max_length=12, unique=True)
    first_name = models.CharField(max_length=60)
    last_name = models.CharField(max_length=60)
    display_name = models.CharField(max_length=130, default="")
    born = models.DateField()
    email = models.EmailField(blank=True)
    registered_at = models.DateTimeField(auto_now_add=True)
    allergies = models.ManyToManyField(Allergy, through="PatientAllergy", blank=True)


class PatientAllergy(models.Model):
    patient = models.ForeignKey(Patient, models.CASCADE)
    allergy = models.ForeignKey(Allergy, models.CASCADE)
    severity = models.PositiveSmallIntegerField(null=True)

    class Meta:
        db_table = "patients_patient_allergies"
        unique_together = [("patient", "allergy")]


class Contact(models.Model):
    KINDS = [("phone", "Phone"), ("mobile", "Mobile"), ("relative", "Relative")]

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=10, choices=KINDS)
    value = models.CharField(max_length=80)
