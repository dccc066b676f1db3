"""What parents and pupils meet. A language that is offered to them alone holds these sentences and no others.

A line is a file, or a file and the one name in it (a function, a class, a constant) that speaks to parents. A sentence
that stands anywhere here has to exist in every language; one that only colleagues read stays out of it.
"""

import ast
import functools

PLACES = """
templates/base.html
templates/base_ouder.html
templates/school/brand.html
templates/school/code.html
templates/school/error_400.html
templates/school/error_403.html
templates/school/error_404.html
templates/school/error_csrf.html
templates/school/home.html
templates/school/link.html
templates/school/link_gone.html
templates/school/link_needed.html
templates/school/my_contact.html
templates/school/second_step.html
school/forms.py:CodeForm
school/forms.py:DigitsForm
school/forms.py:ContactForm
school/views/contact.py:my_contact
school/views/doors.py
school/emails.py:contact_changed
school/emails.py:second_step
templates/mail/contact_changed.html
templates/mail/contact_changed.txt
templates/mail/second_step.html
templates/mail/second_step.txt

templates/planning/ask_gesprek.html
templates/planning/ask_interpreter.html
templates/planning/asked_gesprek.html
templates/planning/asked_state.html
templates/planning/asking.html
templates/planning/call_me.html
templates/planning/cancelled.html
templates/planning/check_all.html
templates/planning/choose.html
templates/planning/feed.html
templates/planning/activity_when.html
templates/planning/for_you_too.html
templates/planning/late.html
templates/planning/my_activity.html
templates/planning/my_page.html
templates/planning/my_time.html
templates/planning/none_suits.html
templates/planning/offer.html
templates/planning/offer_gone.html
templates/planning/offer_line.html
templates/planning/opens.html
templates/planning/plan_all.html
templates/planning/pupil_page.html
templates/planning/taken_times.html
templates/planning/times.html
templates/planning/wishes.html
templates/planning/wishes_given.html
templates/planning/wishing.html
planning/around/languages.py
planning/around_forms.py:InterpreterForm
planning/parent_forms.py:CallMeForm
planning/parent_forms.py:NoneSuitsForm
planning/parent_forms.py:WishForm
planning/models/plan.py:Part
planning/models/plan.py:Wish.Can
planning/views/around.py:ask_interpreter
planning/views/other_times.py
planning/views/ouder.py
planning/views/refusals.py:BOOKING
planning/views/refusals.py:BOOKING_ALL
planning/views/refusals.py:OFFER
planning/views/refusals.py:WATCH
planning/views/refusals.py:WISH
planning/views/siblings.py
planning/activities/emails.py
planning/activities/items.py
planning/activity_forms.py:SignUpForm
planning/aanvraag_forms.py:AskForm
planning/views/aanvragen.py:ask_gesprek
planning/views/aanvragen.py:asked_gesprek
planning/inviting/announcing.py
templates/gesprekken/chart.html
templates/gesprekken/chart_table.html
templates/gesprekken/charts_of_gesprek.html
templates/gesprekken/development_read.html
templates/gesprekken/development_words.html
templates/gesprekken/legend_growth.html
templates/gesprekken/legend_stairs.html
templates/gesprekken/own_work.html
templates/gesprekken/report_read.html
templates/gesprekken/to_see.html
templates/mail/report_released.html
templates/mail/report_released.txt
gesprekken/development/charts.py:vak_name
gesprekken/development/growth.py
gesprekken/development/levels.py
gesprekken/development/stairs.py
gesprekken/development_forms.py:FileForm
gesprekken/development_forms.py:WHY_NOT
gesprekken/development_forms.py:WorkForm
gesprekken/emails.py:report_released
gesprekken/models/development.py:PortfolioItem.Kind
gesprekken/views/portfolio.py:own_work
gesprekken/emails.py:aanvraag_declined
planning/views/ook_voor_u.py
planning/views/own_calendar.py
planning/views/voorstel.py:offer

planning/around/news.py
planning/day/emails.py:day_back
planning/day/emails.py:day_cancelled
planning/day/emails.py:day_moved
planning/emails.py
planning/feeds.py:calendar_of
planning/ical.py
planning/inviting/invitations.py
planning/inviting/reminders.py
planning/inviting/wording.py
planning/times/offer_emails.py
templates/mail/aanvraag_declined.html
templates/mail/aanvraag_declined.txt
templates/mail/activity_changed.html
templates/mail/activity_changed.txt
templates/mail/activity_invitation.html
templates/mail/activity_invitation.txt
templates/mail/activity_signed_up.html
templates/mail/activity_signed_up.txt
templates/mail/activity_when.txt
templates/mail/booked.html
templates/mail/booked.txt
templates/mail/came_free.html
templates/mail/came_free.txt
templates/mail/cancelled.html
templates/mail/cancelled.txt
templates/mail/day_back.html
templates/mail/day_back.txt
templates/mail/day_cancelled.html
templates/mail/day_cancelled.txt
templates/mail/day_moved.html
templates/mail/day_moved.txt
templates/mail/days_announced.html
templates/mail/days_announced.txt
templates/mail/expert_joins.html
templates/mail/expert_joins.txt
templates/mail/observer_comes.html
templates/mail/observer_comes.txt
kijkwijzer/emails.py:observer_comes
kijkwijzer/reactions.py:observers
templates/mail/moved.html
templates/mail/moved.txt
templates/mail/other_length.html
templates/mail/other_length.txt
templates/mail/other_teacher.html
templates/mail/other_teacher.txt
templates/mail/place_changed.html
templates/mail/place_changed.txt
templates/mail/record_released.html
templates/mail/record_released.txt
templates/mail/talks_changed.html
templates/mail/reminder.html
templates/mail/reminder.txt
templates/mail/talks_changed.txt
templates/mail/time_offer.html
templates/mail/time_offer.txt
templates/mail/year_changed_family.html
templates/mail/year_changed_family.txt
gesprekken/emails.py:year_changed_family
gesprekken/year/entries.py:words
gesprekken/year/entries.py:differences
gesprekken/year/entries.py:what_changed
templates/pdf/letter.html
gesprekken/data/guide.toml
gesprekken/data/soorten.toml
gesprekken/data/questions.toml:leerling
gesprekken/data/questions.toml:ouder
gesprekken/emails.py:record_released

templates/mail/how_was_it.html
templates/mail/how_was_it.txt
gesprekken/afterwards/asking.py
gesprekken/afterwards/gains.py:QUESTIONS
gesprekken/afterwards_forms.py:FACES
gesprekken/afterwards_forms.py:OF_GUARDIANS
gesprekken/afterwards_forms.py:OF_PUPILS
gesprekken/afterwards_forms.py:TapForm
gesprekken/afterwards_forms.py:YEAR_SCALE
templates/gesprekken/advies_read.html
templates/gesprekken/agreement_lines.html
templates/gesprekken/agreements_card_pdf.html
templates/gesprekken/outcome_buttons.html
templates/mail/agreement_reminder.html
templates/mail/agreement_reminder.txt
templates/planning/agreed.html
gesprekken/afterwards/reminding.py:agreement_reminder
gesprekken/models/recording.py:Outcome.State
gesprekken/outcome_forms.py
gesprekken/views/outcomes.py:say_own_outcome
templates/gesprekken/feedback_give.html
templates/gesprekken/feedback_thanks.html
templates/gesprekken/gains_give.html
templates/gesprekken/prepare.html
templates/gesprekken/prepare_alerts.html
templates/gesprekken/prepare_points.html
templates/gesprekken/prepare_pupil.html
templates/gesprekken/prepare_question.html
templates/gesprekken/prepared.html
templates/gesprekken/change_slide.html
templates/gesprekken/make_presentation.html
templates/gesprekken/present.html
templates/gesprekken/slide_fields.html
templates/gesprekken/where_else.html
templates/gesprekken/who_reads.html
templates/gesprekken/record_read.html
templates/gesprekken/record_waiting.html
templates/gesprekken/year_feed.html
templates/gesprekken/year_shared.html
gesprekken/year/entries.py:advice_entries
gesprekken/year/entries.py:for_whom
gesprekken/year/entries.py:named
gesprekken/year/entries.py:period
gesprekken/year/feed.py
gesprekken/models/recording.py:Agreement.Share
gesprekken/models/recording.py:Verslag.said_parts
gesprekken/models/ronde.py:Ronde.Form
gesprekken/preparing/sheet.py:teacher_names
gesprekken/talk_forms.py:LongText
gesprekken/talk_forms.py:PrepareForm
gesprekken/views/preparing.py
gesprekken/party_forms.py
gesprekken/presentation_forms.py
gesprekken/views/own_preparing.py
gesprekken/views/presentation.py
templates/kijkwijzer/evidence_read.html
kijkwijzer/evidence/pictures.py:HEADINGS
kijkwijzer/evidence/pictures.py:sign_words
kijkwijzer/evidence/signs.py:FACTS
"""


@functools.cache
def names_in():
    """{file: the names in it that count, or an empty set for the whole file}."""
    found = {}
    for place in PLACES.split():
        file, _colon, name = place.partition(":")
        found.setdefault(file, set()).update({name} - {""})
    return found


def named(node):
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return getattr(node, "name", None)


def lines_of(source, name):
    """The lines of this function, class or constant; a class within a class has a point. Raises KeyError."""
    body = ast.parse(source).body
    for part in name.split("."):
        node = next((node for node in body if named(node) == part), None)
        if node is None:
            raise KeyError(name)
        body = getattr(node, "body", [])
    return range(node.lineno, node.end_lineno + 1)


def is_met(file, source, line):
    """Whether parents meet what stands on this line."""
    if file not in names_in():
        return False
    names = names_in()[file]
    return not names or any(line in lines_of(source, name) for name in names)
