"""People with an account: officers and coordinators. A Londoner never needs one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from engage.foundations.database import Base, Moment, one_of
from engage.foundations.pages import Audience
from engage.people.rules import KeyPurpose, Role, audiences


class Person(Base):
    """Somebody who can sign in, once they have chosen a password.

    `group_id` is the group a coordinator looks after; officers have none. `session_key` is what a signed-in
    browser holds: a new one ends every session. The secret of the second factor follows from `totp_nonce` and
    the installation's own key, so that it cannot be read here; `totp_last_step` is the last time step whose
    code was used, and none is used twice.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("(role = 'coordinator') = (group_id IS NOT NULL)", name="coordinators_have_a_group"),
        CheckConstraint("email = lower(email)", name="email_is_lower"),
        CheckConstraint(
            "totp_confirmed_at IS NULL OR totp_nonce IS NOT NULL", name="second_factor_has_a_secret"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role] = mapped_column(one_of(Role, "role_known"))
    group_id: Mapped[int | None] = mapped_column(index=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    session_key: Mapped[str] = mapped_column(String(64), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    totp_nonce: Mapped[str | None] = mapped_column(String(64))
    totp_confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    totp_last_step: Mapped[int | None] = mapped_column(BigInteger)

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


class AccountKey(Base):
    """A secret mailed to somebody, to join or to choose a new password: used once, and only for a while.

    `replaces_id` is the coordinator who hands over: their account ends when the successor joins.
    """

    __tablename__ = "account_key"
    __table_args__ = (
        CheckConstraint("length(token_hash) = 32", name="token_is_a_hash"),
        CheckConstraint("replaces_id IS NULL OR purpose = 'join'", name="only_joining_replaces"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[KeyPurpose] = mapped_column(one_of(KeyPurpose, "purpose_known"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class RecoveryCode(Base):
    """A code that stands once for the second factor, for whoever has lost their telephone."""

    __tablename__ = "recovery_code"
    __table_args__ = (CheckConstraint("length(code_hash) = 32", name="code_is_a_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
