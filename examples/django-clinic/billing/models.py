from django.db import models


class Invoice(models.Model):
    number = models.CharField(max_length=20, unique=True)
    patient = models.ForeignKey("patients.Patient", models.PROTECT)
    issued_on = models.DateField()
    due_on = models.DateField(null=True)
    currency = models.CharField(max_length=3, default="EUR")
    closed = models.BooleanField(default=False)


class Item(models.Model):
    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="items")
    appointment = models.ForeignKey("appointments.Appointment", models.SET_NULL, null=True)
    text = models.CharField(max_length=200)
    amount = models.DecimalField(max_digits=10, decimal_places=2)
