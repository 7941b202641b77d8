"""The same rows as the product's: an assessment with its stored result, an answer each, and their history."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class Client(models.Model):
    name = models.CharField(max_length=200)

    objects: ClassVar[models.Manager["Client"]] = models.Manager()

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return self.name


class Assessment(models.Model):
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    adviser = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=200)
    result = models.JSONField(default=dict)
    colours = models.JSONField(default=dict)
    changed_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[models.Manager["Assessment"]] = models.Manager()

    class Meta:
        app_label = "floor"
        indexes: ClassVar = [models.Index(fields=["adviser", "-changed_at"])]

    def __str__(self) -> str:
        return self.title


class Content(models.Model):
    item = models.CharField(max_length=120)
    state = models.CharField(max_length=20, blank=True)
    evidence = models.CharField(max_length=2, blank=True)
    evidence_date = models.DateField(null=True)
    note = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    who_knows = models.CharField(max_length=200, blank=True)
    know_by = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.item


class Answer(Content):
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, db_index=False)

    objects: ClassVar[models.Manager["Answer"]] = models.Manager()

    class Meta:
        app_label = "floor"
        constraints: ClassVar = [models.UniqueConstraint(fields=["assessment", "item"], name="floor_one_answer")]


class History(Content):
    assessment_id = models.BigIntegerField()

    objects: ClassVar[models.Manager["History"]] = models.Manager()

    class Meta:
        app_label = "floor"


class Report(models.Model):
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE)
    key = models.CharField(max_length=64)
    pdf = models.FileField(upload_to="reports")

    objects: ClassVar[models.Manager["Report"]] = models.Manager()

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return self.key
