"""What people did, in plain words; the log itself holds codes."""

from __future__ import annotations

from collections.abc import Mapping

from engage.foundations.language import Text, lazy

# An action that is not here is shown as its code, so a later package's actions are never hidden.
ACTIONS: Mapping[str, Text] = {
    "person.created": lazy("Made an account"),
    "person.signed_in": lazy("Signed in"),
    "person.password_changed": lazy("Changed a password"),
    "person.deactivated": lazy("Closed an account"),
    "person.reactivated": lazy("Opened an account again"),
    "person.invited": lazy("Invited somebody"),
    "person.invitation_withdrawn": lazy("Withdrew an invitation"),
    "person.joined": lazy("Joined by an invitation"),
    "person.role_changed": lazy("Changed a role"),
    "person.sessions_ended": lazy("Signed somebody out everywhere"),
    "person.second_factor_on": lazy("Set up a code from an app"),
    "person.second_factor_off": lazy("Took a code from an app off"),
    "person.recovery_codes_renewed": lazy("Made new recovery codes"),
    "entry.added": lazy("Added an entry to the timetable"),
    "entry.changed": lazy("Changed an entry of the timetable"),
    "duty.added": lazy("Added a duty to the register"),
    "duty.changed": lazy("Changed a duty of the register"),
    "duty.ended": lazy("Said when a duty ended"),
    "duty.removed": lazy("Took a duty out of the register"),
    "overlap.decided": lazy("Decided on two entries that overlap"),
    "plan_period.added": lazy("Added to the calendar of plans"),
    "plan_period.changed": lazy("Changed the calendar of plans"),
    "plan_period.removed": lazy("Took something out of the calendar of plans"),
    "plan_period.imported": lazy("Imported into the calendar of plans"),
    "entry.published": lazy("Published an entry of the timetable"),
    "entry.discarded": lazy("Deleted a draft of the timetable"),
    "entry.postponed": lazy("Postponed an entry of the timetable"),
    "entry.cancelled": lazy("Cancelled an entry of the timetable"),
    "entry.marked": lazy("Said what an entry is about"),
    "entry.groups_asked": lazy("Chose the groups that an entry asks"),
    "notice.given": lazy("Gave groups notice"),
    "notice.reminded": lazy("Reminded groups of a notice"),
    "notice.acknowledged": lazy("Acknowledged a notice"),
    "period.added": lazy("Entered a bad time to ask"),
    "period.removed": lazy("Took out a bad time to ask"),
    "framework.loaded": lazy("Loaded a priority framework"),
    "questionnaire.started": lazy("Started a questionnaire"),
    "questionnaire.draft_begun": lazy("Began a draft of a questionnaire’s next version"),
    "questionnaire.draft_changed": lazy("Changed the draft of a questionnaire"),
    "questionnaire.draft_discarded": lazy("Discarded the draft of a questionnaire"),
    "question.saved": lazy("Saved a question to the bank"),
    "question.removed": lazy("Took a question out of the bank"),
    "questionnaire.published": lazy("Published a version of a questionnaire"),
    "consultation.created": lazy("Created a consultation"),
    "consultation.instrument_added": lazy("Added a questionnaire to a consultation"),
    "consultation.version_given_out": lazy("Gave out a newer version of a questionnaire"),
    "consultation.extended": lazy("Gave people longer to answer"),
    "consultation.children": lazy("Said whether children may answer"),
    "consultation.announced": lazy("Announced a consultation"),
    "consultation.open": lazy("Opened a consultation"),
    "consultation.closed": lazy("Closed a consultation"),
    "consultation.analysed": lazy("Marked a consultation as analysed"),
    "consultation.decided": lazy("Marked a consultation as decided"),
    "consultation.fed_back": lazy("Marked a consultation as fed back"),
    "groups.asked": lazy("Asked groups to reach people not heard yet"),
    "links.made": lazy("Made links for groups"),
    "meeting.vote_noted": lazy("Noted how a meeting voted"),
    "meeting.vote_corrected": lazy("Corrected how a meeting voted"),
    "meeting.vote_removed": lazy("Removed the vote of a meeting"),
    "tablet.started": lazy("Started a shared device at an event"),
    "link.revoked": lazy("Withdrew a group’s link"),
    "paper.batch_made": lazy("Made a batch of paper or telephone forms"),
    "paper.printed": lazy("Printed forms of a batch"),
    "paper.typed": lazy("Typed a form of a batch"),
    "paper.settled": lazy("Settled the two typings of a form"),
    "responses.imported": lazy("Imported responses from a file"),
    "answers.exported": lazy("Had the answers as a file"),
    "evidence.counted": lazy("Counted the responses"),
    "texts.coded": lazy("Coded answers to the priority framework"),
    "decision.recorded": lazy("Recorded a decision"),
    "plan.exported": lazy("Exported the priorities"),
    "feedback.saved": lazy("Wrote feedback"),
    "feedback.published": lazy("Published feedback"),
    "message.queued_again": lazy("Had a message sent again"),
    "address.opened_again": lazy("Had mail sent to an address again"),
    "panel.made": lazy("Made a panel"),
    "panel.changed": lazy("Changed a panel"),
    "panel.ended": lazy("Ended a panel"),
    "panel.people_asked": lazy("Asked people to join a panel"),
    "panel.person_removed": lazy("Took somebody off a panel"),
    "panel.drawn": lazy("Invited people from a panel"),
    "panel.reminded": lazy("Reminded people of a panel"),
}

SUBJECTS: Mapping[str, Text] = {
    "person": lazy("Account"),
    "entry": lazy("Timetable entry"),
    "duty": lazy("Duty"),
    "plan_period": lazy("Calendar of plans"),
    "period": lazy("Bad time to ask"),
    "consultation": lazy("Consultation"),
    "questionnaire": lazy("Questionnaire"),
    "question": lazy("Saved question"),
    "framework": lazy("Priority framework"),
    "link": lazy("Link"),
    "message": lazy("Message"),
    "address": lazy("Address"),
    "panel": lazy("Panel"),
    "response": lazy("Response"),
    "evidence": lazy("Evidence"),
    "decision": lazy("Decision"),
    "feedback": lazy("Feedback"),
}


def action_in_words(action: str) -> Text:
    """Return what was done in plain words, or the code itself."""
    return ACTIONS.get(action, action)


def subject_in_words(subject: str) -> tuple[Text, str]:
    """Return the kind and the name of a subject (`entry:autumn` -> Timetable entry, autumn)."""
    kind, _, name = subject.partition(":")
    return SUBJECTS.get(kind, kind), name
