"""The example projects are real: Alembic and Django run them up and down on real databases."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from tests.backends import need, scratch
from tests.django.test_frontend import report, verdicts

SHOP = Path(__file__).parents[1] / "examples" / "shop"
CLINIC = Path(__file__).parents[1] / "examples" / "django-clinic"


def shop(url: str) -> Config:
    config = Config(SHOP / "alembic.ini")
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    config.attributes["configure_logger"] = False
    return config


def user_tables(url: str) -> list[str]:
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
    engine.dispose()
    return sorted(name for name in names if name != "alembic_version")


def round_trip(url: str) -> None:
    command.upgrade(shop(url), "head")
    assert user_tables(url) == [
        "addresses",
        "contact_points",
        "items",
        "order_lines",
        "orders",
        "stock_movements",
        "users",
    ]


def test_the_shop_runs_up_on_sqlite(tmp_path: Path) -> None:
    round_trip(f"sqlite:///{tmp_path / 'shop.db'}")


def test_the_shop_loses_the_phone_numbers_on_sqlite(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    command.upgrade(shop(url), "8b91e3f5d027")
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO users (email, full_name, phone) VALUES ('a@b.c', 'Ada', '+49 1')")
        )
    command.upgrade(shop(url), "9c27f4a6e138")
    command.downgrade(shop(url), "8b91e3f5d027")
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT phone FROM users")).scalars().all() == [None]
    engine.dispose()


def test_the_shop_runs_up_on_postgresql(tmp_path: Path) -> None:
    need("postgresql")
    with scratch("postgresql", tmp_path) as engine:
        round_trip(engine.url.render_as_string(hide_password=False))


def test_the_shop_runs_down_to_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    command.upgrade(shop(url), "9c27f4a6e138")
    command.downgrade(shop(url), "base")
    assert user_tables(url) == []


def manage(database: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the clinic's manage.py in a process of its own, on this file."""
    return subprocess.run(
        [sys.executable, "-B", "manage.py", *arguments],
        cwd=CLINIC,
        env={**os.environ, "CLINIC_DATABASE": str(database)},
        capture_output=True,
        text=True,
        check=False,
    )


def migrate(database: Path, *target: str) -> None:
    ran = manage(database, "migrate", *target)
    assert ran.returncode == 0, ran.stderr


def rows(database: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as connection, connection:
        return connection.execute(query).fetchall()


def test_the_clinic_runs_up_and_its_models_agree_with_its_migrations(tmp_path: Path) -> None:
    database = tmp_path / "clinic.sqlite3"
    migrate(database)
    assert rows(database, "SELECT * FROM billing_totals") == []
    checked = manage(database, "makemigrations", "--check", "--dry-run")
    assert (checked.returncode, checked.stdout.strip()) == (0, "No changes detected")


PATIENT = (
    "INSERT INTO patients_patient (id, number, first_name, last_name, born, phone, email, registered_at) "
    "VALUES (1, 'A-1', 'Ada', 'Moor', '1980-05-04', '12 34', '', '2024-01-01')"
)


def test_the_clinic_loses_the_phone_numbers(tmp_path: Path) -> None:
    database = tmp_path / "clinic.sqlite3"
    migrate(database, "patients", "0003")
    rows(database, PATIENT)
    migrate(database, "patients", "0007")
    migrate(database, "patients", "0006")
    assert rows(database, "SELECT display_name, phone FROM patients_patient") == [("Ada Moor", "")]
    assert rows(database, "SELECT kind, value FROM patients_contact") == [("phone", "12 34")]


def test_the_clinic_loses_which_reasons_were_missing(tmp_path: Path) -> None:
    database = tmp_path / "clinic.sqlite3"
    migrate(database, "appointments", "0001")
    rows(database, PATIENT)
    rows(database, "INSERT INTO appointments_practitioner (id, name, license) VALUES (1, 'Bo', 'L1')")
    appointment = (
        "INSERT INTO appointments_appointment (starts_at, minutes, patient_id, practitioner_id) "
        "VALUES ('2024-02-01', 20, 1, 1)"
    )
    rows(database, appointment)
    migrate(database, "appointments", "0002")
    with pytest.raises(sqlite3.IntegrityError):
        rows(database, appointment)
    migrate(database, "appointments", "0001")
    migrate(database, "appointments", "0006")
    assert rows(database, "SELECT duration, reason FROM appointments_appointment") == [(20, None)]
    migrate(database, "appointments", "0007")
    migrate(database, "appointments", "0006")
    assert rows(database, "SELECT duration, reason FROM appointments_appointment") == [(20, "unknown")]


@pytest.mark.parametrize(("there", "back"), [("0003", "0002"), ("0005", "0004")])
def test_django_refuses_to_take_back_what_has_no_reverse(tmp_path: Path, there: str, back: str) -> None:
    database = tmp_path / "clinic.sqlite3"
    migrate(database, "billing", there)
    ran = manage(database, "migrate", "billing", back)
    assert ran.returncode != 0
    assert "IrreversibleError" in ran.stderr


def test_the_clinic_is_told_as_django_shows_it() -> None:
    found = report(CLINIC, database=None)
    assert {name: verdict for name, verdict in verdicts(found).items() if verdict != "reversible"} == {
        "appointments.0007_reason_required": "lossy",
        "billing.0003_close_old_invoices": "irreversible",
        "billing.0005_currency_codes": "irreversible",
        "patients.0006_phones_to_contacts": "plausible",
        "patients.0007_remove_patient_phone": "lossy",
    }
    assert sorted((finding.rule, finding.revision) for finding in found.findings) == [
        ("MRT107", "billing.0003_close_old_invoices"),
        ("MRT107", "patients.0004_display_name"),  # for information: a declared noop
        ("MRT108", "billing.0005_currency_codes"),
        ("MRT209", "patients.0007_remove_patient_phone"),
        ("MRT804", "appointments.0007_reason_required"),
    ]
