"""Models of the application that a migration imports (MRT840)."""

from __future__ import annotations

from pathlib import Path

import pytest

from mrt_lint.project import Project
from mrt_lint.source.source import Source
from mrt_rules_alembic.live_models import live_models

APPLICATION = {
    "shop/__init__.py": "",
    "shop/models/__init__.py": "from .user import User, Status, LIMIT, lower, GUID, Plain\n",
    "shop/models/user.py": """
import enum
import sqlalchemy as sa
from .base import Base

LIMIT = 3

class User(Base):
    __tablename__ = "users"

class Admin(User):
    pass

class Status(str, enum.Enum):
    good = "good"

class GUID(sa.types.TypeDecorator):
    pass

class Plain:
    pass

def lower(text):
    return text.lower()
""",
    "shop/models/base.py": "from sqlalchemy.orm import declarative_base\nBase = declarative_base()\n",
    "shop/tables.py": "import sqlalchemy as sa\nusers = sa.Table('users', sa.MetaData())\n",
    "shop/broken.py": "class User(\n",
    "migrations/helpers.py": "class User:\n    pass\n",
}

KNOWN = {
    "from shop.models import User": ["shop.models.User"],
    "from shop.models.user import Admin": ["shop.models.user.Admin"],
    "from shop.models.base import Base": ["shop.models.base.Base"],
    "from shop.tables import users": ["shop.tables.users"],
    "from shop import models\nsa.select(models.User)": ["shop.models.User"],
    "from shop import models\nmodels.Status.good": [],
    "import shop.models.user as m\nm.User.__table__\nm.Admin.id": [
        "shop.models.user.Admin",
        "shop.models.user.User",
    ],
    "def upgrade():\n    from shop.models import User": ["shop.models.User"],
    "from shop.models import Status, LIMIT, lower, GUID, Plain\nStatus.good, GUID(), lower(LIMIT)": [],
    "from shop.broken import User\nsession.query(User)": ["shop.broken.User"],
    "from migrations.helpers import User\nsession.query(User)": [],
    "from ..helpers import User\nsession.query(User)": [],
    "from ...shop.models import User": ["shop.models.User"],
    "if TYPE_CHECKING:\n    from shop.models import User": [],
}

UNKNOWN = {
    "from store.models import User\nsession.query(User).all()": ["store.models.User"],
    "from store.models import User\nsa.select(User.id)": ["store.models.User"],
    "from store.models import User\nsession.add(User(id=1))": ["store.models.User"],
    "from store.models import Base\nBase.metadata.create_all(op.get_bind())": ["store.models.Base"],
    "from store import models\nop.execute(sa.update(models.User))": ["store.models.User"],
    "from store.models import Status\nsa.Column('s', sa.Enum(Status), default=Status.good.value)": [],
    "from store.models import LIMIT, GUID\nsa.Column('s', GUID(LIMIT))": [],
    "from store.types import Money\nop.add_column('t', sa.Column('m', Money()))": [],
    "from sqlalchemy.orm import Session\nsession.query(Session)": [],
    "from pathlib import Path\nPath.query": [],
}


def models_in(text: str, root: Path) -> list[str]:
    for name, content in APPLICATION.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    path = root / "migrations" / "versions" / "0001.py"
    path.parent.mkdir()
    path.write_text(text)
    project = Project("alembic", root / "migrations", (path,), (root,))
    return [name for model in live_models(Source.read(path), project) for name in model.paths]


@pytest.mark.parametrize("text", KNOWN)
def test_where_the_application_can_be_read(text: str, tmp_path: Path) -> None:
    assert models_in(text, tmp_path) == KNOWN[text]


@pytest.mark.parametrize("text", UNKNOWN)
def test_where_only_the_use_tells(text: str, tmp_path: Path) -> None:
    assert models_in(text, tmp_path) == UNKNOWN[text]


def test_models_that_import_each_other_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "ring").mkdir()
    (tmp_path / "ring" / "a.py").write_text("from ring.b import User\n")
    (tmp_path / "ring" / "b.py").write_text("from ring.a import User\n")
    assert models_in("from ring.a import User\nsession.query(User)", tmp_path) == ["ring.a.User"]
