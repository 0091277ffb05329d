"""The application: the only module that knows every room."""

from __future__ import annotations

from datetime import timedelta
from types import ModuleType

from click import Command
from flask import Flask
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

import engage.analysis.models
import engage.analysis.officer
import engage.analysis.officer_answers
import engage.analysis.officer_heard
import engage.analysis.tasks
import engage.audit.models
import engage.audit.officer
import engage.boroughs.models
import engage.consultations.models
import engage.consultations.officer
import engage.consultations.officer_closing
import engage.consultations.officer_quick
import engage.consultations.officer_versions
import engage.consultations.tasks
import engage.desks.cli
import engage.desks.cpeg
import engage.desks.officer
import engage.desks.officer_group
import engage.desks.public
import engage.desks.public_borough
import engage.desks.public_mine
import engage.distribution.cpeg
import engage.distribution.cpeg_changes
import engage.distribution.cpeg_requests
import engage.distribution.models
import engage.distribution.officer
import engage.distribution.officer_changes
import engage.distribution.officer_merging
import engage.distribution.packs.cpeg
import engage.distribution.packs.officer
import engage.distribution.panels.officer
import engage.distribution.panels.public
import engage.distribution.panels.tasks
import engage.distribution.public
import engage.distribution.reminders.tasks
import engage.evidence_file.models
import engage.evidence_file.officer
import engage.evidence_file.public
import engage.feedback.complaints
import engage.feedback.ledger.cpeg
import engage.feedback.ledger.officer
import engage.feedback.ledger.officer_post
import engage.feedback.models
import engage.feedback.newsletter.officer
import engage.feedback.newsletter.public
import engage.feedback.newsletter.tasks
import engage.feedback.officer
import engage.feedback.officer_mail
import engage.feedback.overdue.officer
import engage.feedback.public
import engage.feedback.retention
import engage.feedback.tasks
import engage.feedback.updates.officer
import engage.feedback.updates.tasks
import engage.foundations.tries
import engage.groups.cli
import engage.groups.cpeg
import engage.groups.cpeg_accounts
import engage.groups.exchange.officer
import engage.groups.models
import engage.groups.officer
import engage.groups.officer_accounts
import engage.groups.officer_boroughs
import engage.outbox.api
import engage.outbox.checking
import engage.outbox.cli
import engage.outbox.models
import engage.outbox.officer
import engage.people.account
import engage.people.cli
import engage.people.models
import engage.people.public
import engage.people.public_joining
import engage.people.public_new_password
import engage.people.public_second_step
import engage.people.tasks
import engage.plan_export.cli
import engage.plan_export.deciding.officer_gates
import engage.plan_export.deciding.officer_progress
import engage.plan_export.deciding.officer_report
import engage.plan_export.deciding.public
import engage.plan_export.models
import engage.plan_export.officer
import engage.plan_export.plans.officer
import engage.plan_export.plans.officer_versions
import engage.plan_export.plans.public
import engage.questionnaires.cli
import engage.questionnaires.models
import engage.questionnaires.officer
import engage.questionnaires.public
import engage.responses.cli
import engage.responses.intake.officer
import engage.responses.meetings.officer
import engage.responses.models
import engage.responses.paper.officer
import engage.responses.public
import engage.responses.tablets.cpeg
import engage.responses.tablets.officer
import engage.responses.tasks
import engage.server.cli
import engage.timetable.duties.officer
import engage.timetable.duties.public
import engage.timetable.feeds.public
import engage.timetable.models
import engage.timetable.notices.cpeg
import engage.timetable.notices.officer
import engage.timetable.officer
import engage.timetable.officer_groups
import engage.timetable.overlaps.officer
import engage.timetable.periods.officer
import engage.timetable.plans.officer
import engage.timetable.plans.public
import engage.timetable.public
import engage.timetable.public_calendar
import engage.timetable.public_follow
import engage.timetable.steps.officer
import engage.timetable.subscriptions.officer
import engage.timetable.subscriptions.public
import engage.timetable.subscriptions.tasks
from engage.consultations.public import init_closings
from engage.feedback.overdue.public import init_owed
from engage.foundations.application import Application
from engage.foundations.database import db, engine_options
from engage.foundations.failures import init_failures
from engage.foundations.language import init_language
from engage.foundations.logs import configure_logs, init_logs
from engage.foundations.pages import Pages
from engage.foundations.prose import prose
from engage.foundations.security import init_security
from engage.foundations.settings import Mode, Settings, files_folder, read_settings
from engage.foundations.site import init_site
from engage.foundations.static_files import init_static_files
from engage.foundations.tasks import gather
from engage.people.login import init_login

PAGES: tuple[Pages, ...] = (
    engage.desks.public.pages,
    engage.desks.public_borough.pages,
    engage.desks.public_mine.pages,
    engage.people.public.pages,
    engage.people.public_second_step.pages,
    engage.people.public_joining.pages,
    engage.people.public_new_password.pages,
    engage.people.account.pages,
    engage.groups.officer_accounts.pages,
    engage.groups.cpeg_accounts.pages,
    engage.timetable.public.pages,
    engage.timetable.public_calendar.pages,
    engage.timetable.subscriptions.public.pages,
    engage.timetable.public_follow.pages,
    engage.timetable.feeds.public.pages,
    engage.distribution.public.pages,
    engage.distribution.panels.public.pages,
    engage.responses.public.pages,
    engage.feedback.public.pages,
    engage.feedback.newsletter.public.pages,
    engage.desks.cpeg.pages,
    engage.groups.cpeg.pages,
    engage.distribution.cpeg.pages,
    engage.distribution.cpeg_changes.pages,
    engage.distribution.packs.cpeg.pages,
    engage.distribution.cpeg_requests.pages,
    engage.desks.officer.pages,
    engage.groups.exchange.officer.pages,
    engage.groups.officer_boroughs.pages,
    # With the page of a group that engage.desks.officer_group adds to them.
    engage.groups.officer.pages,
    engage.timetable.officer.pages,
    engage.timetable.subscriptions.officer.pages,
    engage.timetable.officer_groups.pages,
    engage.timetable.steps.officer.pages,
    engage.timetable.periods.officer.pages,
    engage.timetable.notices.officer.pages,
    engage.timetable.notices.cpeg.pages,
    engage.timetable.duties.public.pages,
    engage.timetable.duties.officer.pages,
    engage.timetable.overlaps.officer.pages,
    engage.timetable.plans.public.pages,
    engage.timetable.plans.officer.pages,
    engage.questionnaires.officer.pages,
    engage.questionnaires.public.pages,
    engage.consultations.officer.pages,
    engage.responses.meetings.officer.pages,
    engage.consultations.officer_closing.pages,
    engage.consultations.officer_quick.pages,
    engage.consultations.officer_versions.pages,
    engage.distribution.officer.pages,
    engage.distribution.panels.officer.pages,
    engage.distribution.officer_changes.pages,
    engage.distribution.officer_merging.pages,
    engage.distribution.packs.officer.pages,
    engage.responses.paper.officer.pages,
    engage.responses.intake.officer.pages,
    engage.responses.tablets.cpeg.pages,
    engage.responses.tablets.officer.pages,
    engage.analysis.officer.pages,
    engage.analysis.officer_heard.pages,
    engage.plan_export.officer.pages,
    engage.plan_export.plans.officer.pages,
    engage.plan_export.plans.officer_versions.pages,
    engage.plan_export.plans.public.pages,
    engage.plan_export.deciding.officer_report.pages,
    engage.plan_export.deciding.officer_gates.pages,
    engage.plan_export.deciding.officer_progress.pages,
    engage.plan_export.deciding.public.pages,
    engage.feedback.officer.pages,
    engage.feedback.officer_mail.pages,
    engage.feedback.overdue.officer.pages,
    engage.feedback.newsletter.officer.pages,
    engage.evidence_file.officer.pages,
    engage.evidence_file.public.pages,
    engage.feedback.updates.officer.pages,
    engage.feedback.ledger.officer.pages,
    engage.feedback.ledger.officer_post.pages,
    engage.feedback.ledger.cpeg.pages,
    engage.outbox.api.pages,
    engage.outbox.officer.pages,
    engage.audit.officer.pages,
)
TASKS: tuple[ModuleType, ...] = (
    engage.analysis.tasks,
    engage.consultations.tasks,
    engage.distribution.panels.tasks,
    engage.distribution.reminders.tasks,
    engage.feedback.complaints,
    engage.feedback.retention,
    engage.feedback.tasks,
    engage.feedback.newsletter.tasks,
    engage.feedback.updates.tasks,
    engage.foundations.tries,
    engage.people.tasks,
    engage.responses.tasks,
    engage.timetable.subscriptions.tasks,
)
COMMANDS: tuple[Command, ...] = (
    *engage.groups.cli.commands,
    engage.desks.cli.list_consultations,
    engage.outbox.checking.check_mail,
    engage.outbox.cli.bounce,
    engage.outbox.cli.worker,
    engage.people.cli.remove_second_factor,
    engage.plan_export.cli.export,
    engage.questionnaires.cli.load_questionnaires,
    engage.responses.cli.simulate,
    engage.server.cli.serve_command,
    engage.server.cli.upgrade_command,
)
migrate = Migrate()
csrf = CSRFProtect()


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application for `settings` (default: the environment's).

    Raises `SettingsError` where the settings cannot be used.
    """
    settings = settings or read_settings()
    if settings.mode is not Mode.TEST:
        configure_logs()
    settings.instance.mkdir(parents=True, exist_ok=True)
    app = Application(
        "engage",
        instance_path=str(settings.instance),
        template_folder=str(files_folder("templates")),
        static_folder=str(files_folder("static")),
    )
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key,
        SETTINGS=settings,
        TESTING=settings.mode is Mode.TEST,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        # Errors of the database must not write answers and addresses into the log.
        SQLALCHEMY_ENGINE_OPTIONS={**engine_options(settings.database_url), "hide_parameters": True},
        MAX_CONTENT_LENGTH=1024 * 1024,
        MAX_FORM_PARTS=1000,
        SESSION_COOKIE_NAME="engage",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_CSRF_TIME_LIMIT=None,
    )
    db.init_app(app)
    migrate.init_app(app, db, directory=str(files_folder("migrations")), command="db")
    csrf.init_app(app)
    csrf.exempt(engage.feedback.public.unsubscribe)
    csrf.exempt(engage.timetable.subscriptions.public.stop)
    csrf.exempt(engage.feedback.newsletter.public.stop)
    csrf.exempt(engage.distribution.panels.public.leave)
    # A token of its own in the header is the permission.
    csrf.exempt(engage.outbox.api.delivery)
    # Nobody has an account there: the ticket in the form is what makes a post one of ours.
    csrf.exempt(engage.responses.public.pages)
    # The receipt code in the form is the whole authority, and no session is begun for it.
    csrf.exempt(engage.desks.public_mine.pages)
    init_language(app)
    app.add_template_filter(prose)
    init_login(app)
    init_site(app)
    init_closings(app)
    init_owed(app)
    app.extensions["engage_tasks"] = gather(*TASKS)
    for command in COMMANDS:
        app.cli.add_command(command)
    for pages in PAGES:
        app.register_blueprint(pages)
    init_security(app)
    init_logs(app)
    init_failures(app)
    init_static_files(app)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    return app
