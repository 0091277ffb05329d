"""People with an account: officers and coordinators. A Londoner never needs one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from engage.foundations.database import Base, Moment, one_of
from engage.foundations.pages import Audience
from engage.people.rules import Role, audiences


class Person(Base):
    """Somebody who can sign in.

    `group_id` is the group a coordinator looks after; officers have none. `session_key` is what a signed-in
    browser holds: a new one ends every session.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("(role = 'coordinator') = (group_id IS NOT NULL)", name="coordinators_have_a_group"),
        CheckConstraint("email = lower(email)", name="email_is_lower"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role] = mapped_column(one_of(Role, "role_known"))
    group_id: Mapped[int | None] = mapped_column(index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    session_key: Mapped[str] = mapped_column(String(64), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Moment)

    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Whether they may sign in, as Flask-Login asks."""
        return self.active

    def get_id(self) -> str:
        """Return what the session cookie holds for them."""
        return self.session_key

    @property
    def audiences(self) -> frozenset[Audience]:
        """The audiences of pages that admit them."""
        return audiences(self.role)

    @property
    def label(self) -> str:
        """Who they are, as the audit log writes it."""
        return f"{self.name} <{self.email}>"
