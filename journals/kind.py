"""What the review process may ask of a request for an arrangement, and of a renewal."""

from decimal import Decimal
from types import MappingProxyType

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journals import gates as words
from journals import rules, terms
from journals.models import Arrangement, Renewal
from journals.services import arranging, renewing
from journals.states import Shape
from serportal.accounts.models import Signature
from serportal.accounts.states import Committee
from serportal.certifications import services as certifications
from serportal.outbox.services import render
from serportal.reviews.kinds import Days, End, Kind, Letter, Reading, Worth
from serportal.reviews.states import Basis, CaseState
from serportal.ui.text import tidy
from serportal.ui.words import day_text, number, programme_day, span_text


def _sums(progress: rules.Progress):
    """Yield each year with its credits, then the period, as they stand now."""
    for one in progress.years:
        label = _("Year {number}, until {last}").format(number=one.year.number, last=day_text(one.year.last))
        yield label, _("{has} of {least}").format(has=number(one.total), least=number(one.least))
    yield _("The whole period"), _("{has} of {least}").format(has=number(progress.total), least=number(progress.goal))


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
            worth=Worth(Decimal(0), tuple(_sums(facts.progress)), ""),
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


class RenewalKind(Kind):
    """Five more years: the portal counts what it needs, the coordinator confirms, within 28 days (R-PER-7, SPEC 5)."""

    key = "renewal"
    series = "REN"
    label = gettext_lazy("Renewal")
    committee = Committee.CERTIFICATION
    content_template = "journals/renewal/_content.html"
    credits = False
    holds = True
    compares = False
    has_panel = False
    own_ground = Basis.OFFICE
    promised_days = 28
    days = Days(screen_days=4, ballot_days=14, answer_days=28, alternate_days=7, settle_days=3, proof_days=90)
    ends = MappingProxyType(
        {
            CaseState.APPROVED: End(gettext_lazy("renewed"), gettext_lazy("Your certification is renewed.")),
            CaseState.DENIED: End(
                gettext_lazy("not renewed"), gettext_lazy("It was not renewed. The letter says why.")
            ),
        }
    )

    def read(self, case):
        rows = Renewal.objects.select_related("period__certification", "bill", "opened")
        held = rows.get(pk=case.pk)
        held.case = case
        today = programme_day()
        facts = renewing.held_of(held.period, today, without=held)
        signed = Signature.objects.filter(about=case.reference).select_related("agreement").first()
        first, last = renewing.next_period(held.period)
        return Reading(
            case=case,
            worth=Worth(Decimal(0), tuple(_sums(facts.progress)), ""),
            content={
                "renewal": held,
                "gates": [] if held.opened_id else words.told(rules.gates(facts, today)),
                "wanted": list(held.wanted.select_related("decision__case").order_by("earned_on", "pk")),
                "signed": signed,
                "first": first,
                "last": last,
            },
            told=[
                ["disclosure", str(_("Convictions or sanctions")), held.disclosure or str(_("none"))],
                ["membership_number", str(_("Membership of SER")), held.membership_number or str(_("none"))],
                ["changes", str(_("Changes for the certificate")), held.changes or str(_("none"))],
            ],
        )

    def flags(self, reading, *, by):
        """What was declared is read by a person: such a renewal is not confirmed together with others."""
        held, found = reading.content["renewal"], []
        if held.disclosure:
            found.append(_("A conviction or a sanction is declared. Read what it was before you decide."))
        if held.changes:
            found.append(_("A change of name or address is asked for. Make it before you confirm, or answer it."))
        return found

    def may_decide_alone(self, case, basis, choice):
        return basis == Basis.OFFICE

    def blocks(self, case):
        held = Renewal.objects.select_related("period__certification", "bill").get(pk=case.pk)
        held.case = case
        return renewing.blocks_of(held, programme_day())

    def letter(self, reading, verdict):
        """Return the letter; raises Refusal while anything keeps the renewal from being confirmed (R-PER-4)."""
        case, held = reading.case, reading.content["renewal"]
        day = programme_day(verdict.at)
        if verdict.outcome.approved:
            renewing.check_confirmable(held, day)
        certification = held.period.certification
        lapsed = certification.lapsed_on is not None
        subject, text = render(
            "renewal-confirmed" if verdict.outcome.approved else "renewal-denied",
            {
                "name": case.filed_by.name,
                "reference": case.reference,
                "title": case.headline,
                "today": day_text(day),
                "number": certification.number,
                "renewed": _("It had lapsed, and is reinstated.") if lapsed else "",
                "period": span_text(reading.content["first"], reading.content["last"]),
                "reasons": "\n\n".join(one for one in (*verdict.reasons, verdict.note) if one),
                "link": settings.SITE_URL + self.url(case),
                "certificate_link": settings.SITE_URL + reverse("certifications:own"),
                "verify_link": certifications.address_of(certification),
                "journal_link": settings.SITE_URL + reverse("journals:journal"),
                "renew_link": settings.SITE_URL + reverse("journals:renew"),
            },
        )
        return Letter(subject, tidy(text))

    def carry_out(self, reading, decision, *, at):
        renewing.carry_out(reading.content["renewal"], decision, at=at)

    def ended(self, case, *, at):
        renewing.ended(case, at=at)

    def reopened(self, case, *, at):
        renewing.reopened(case, at=at)

    def url(self, case):
        return reverse("journals:renewal", args=[case.reference])

    def request_url(self, request):
        return reverse("journals:renewal-answer", args=[request.case.reference])

    def parts(self, case):
        return [(renewing.PROOF, _("Proof, and an answer in words"))]
