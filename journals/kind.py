"""What the review process may ask of a request for an arrangement."""

from decimal import Decimal

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journals import terms
from journals.models import Arrangement
from journals.services import arranging
from journals.states import Shape
from serportal.accounts.states import Committee
from serportal.outbox.services import render
from serportal.reviews.kinds import Days, Kind, Letter, Reading, Worth
from serportal.reviews.states import Basis
from serportal.ui.text import tidy
from serportal.ui.words import day_text, number, programme_day


class ArrangementKind(Kind):
    """Extenuating circumstances: the coordinator decides alone, within 28 days (R-PER-3, SPEC 5)."""

    key = "arrangement"
    series = "ARR"
    label = gettext_lazy("Arrangement")
    committee = Committee.CONTINUING_EDUCATION
    content_template = "journals/arrangement/_content.html"
    tools_template = "admin/journals/_arrangement_tools.html"
    credits = False
    compares = False
    has_panel = False
    own_ground = Basis.OFFICE
    holds = True
    promised_days = 28
    days = Days(screen_days=4, ballot_days=14, answer_days=28, alternate_days=7, settle_days=3, proof_days=90)

    def read(self, case):
        held = Arrangement.objects.select_related("period__certification").get(pk=case.pk)
        held.case = case
        ends_on = held.moved_from or held.period.ends_on
        asked = terms.asked_text(held.asked, held.period, ends_on)
        facts = arranging.facts_of(held.period, programme_day(), without=held)
        return Reading(
            case=case,
            worth=Worth(Decimal(0), tuple(self._sums(facts.progress)), ""),
            content={
                "arrangement": held,
                "asked": asked,
                "offered": terms.asked_text(held.offered, held.period, ends_on) if held.offered_shape else "",
                "agreed": terms.agreed_text(held.agreed, held.period, ends_on) if held.agreed else "",
                "typed": arranging.as_typed(held.offered),
                "shapes": Shape.choices if held.year else [(Shape.EXTENSION, Shape.EXTENSION.label)],
            },
            told=[
                [arranging.ASKED, str(_("Asked for")), asked],
                [arranging.REASON, str(_("Reason")), held.reason],
            ],
        )

    def _sums(self, progress):
        """Yield each year with its credits, as they are without this arrangement."""
        for one in progress.years:
            label = _("Year {number}, until {last}").format(number=one.year.number, last=day_text(one.year.last))
            yield label, _("{has} of {least}").format(has=number(one.total), least=number(one.least))
        yield (
            _("The whole period"),
            _("{has} of {least}").format(has=number(progress.total), least=number(progress.goal)),
        )

    def may_decide_alone(self, case, basis, choice):
        return basis == Basis.OFFICE

    def blocks(self, case):
        return []

    def letter(self, reading, verdict):
        """Return the letter; raises Refusal where what would be agreed could not be carried out any more."""
        case, held = reading.case, reading.content["arrangement"]
        agreed = ""
        if verdict.outcome.approved:
            arranging.check_agreeable(held, verdict.at)
            agreed = terms.agreed_text(held.offered, held.period, held.moved_from or held.period.ends_on)
        subject, text = render(
            "arrangement-agreed" if verdict.outcome.approved else "arrangement-denied",
            {
                "name": case.filed_by.name,
                "reference": case.reference,
                "title": case.headline,
                "today": day_text(programme_day(verdict.at)),
                "asked": reading.content["asked"],
                "agreed": agreed,
                "reasons": "\n\n".join(one for one in (*verdict.reasons, verdict.note) if one),
                "link": settings.SITE_URL + self.url(case),
                "journal_link": settings.SITE_URL + reverse("journals:journal"),
            },
        )
        return Letter(subject, tidy(text))

    def carry_out(self, reading, decision, *, at):
        arranging.carry_out(reading.content["arrangement"], decision, at=at)

    def ended(self, case, *, at):
        arranging.ended(case)

    def reopened(self, case, *, at):
        arranging.reopened(case)

    def url(self, case):
        return reverse("journals:arrangement", args=[case.reference])

    def request_url(self, request):
        return reverse("journals:arrangement-answer", args=[request.case.reference])

    def parts(self, case):
        return [
            (arranging.ASKED, _("What is asked for")),
            (arranging.REASON, _("The reason")),
            (arranging.FILES, _("Files")),
        ]

    def topic_label(self, topic):
        return str(Shape(topic).label)
