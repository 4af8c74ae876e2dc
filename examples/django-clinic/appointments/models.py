from django.conf import settings
from django.db import models


class Practitioner(models.Model):
    name = models.CharField(max_length=120)
    license = models.CharField(max_length=20, unique=True)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)


class Room(models.Model):
    name = models.CharField(max_length=40, unique=True)


class Appointment(models.Model):
    STATES = [("booked", "Booked"), ("seen", "Seen"), ("missed", "Missed")]

    patient = models.ForeignKey("patients.Patient", models.PROTECT)
    practitioner = models.ForeignKey(Practitioner, models.PROTECT)
    room = models.ForeignKey(Room, models.SET_NULL, null=True)
    starts_at = models.DateTimeField()
    duration = models.PositiveSmallIntegerField(default=20)
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=STATES, default="booked")
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practitioner", "starts_at"], name="appointment_slot")]
        indexes = [models.Index(fields=["patient", "state"], name="appointment_by_patient")]
