"""What the review process may ask of an application, and of one that comes from a partner college."""

from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import asks
from applications import reading as read
from applications import wording as words
from applications.models import Application, Graduate
from applications.services import gates, granting, references, sheets
from applications.services.content import chapters_of, has_steps
from applications.states import Area, Confirmed, Kind
from serportal.accounts.states import Committee
from serportal.certifications.states import Level
from serportal.drafts.reading import told
from serportal.fees import services as fees
from serportal.outbox.services import render
from serportal.reviews import services as reviews
from serportal.reviews.kinds import Criterion, Days, Letter, Reading, Worth
from serportal.reviews.kinds import Kind as ReviewKind
from serportal.reviews.rules import OFFER_STANDS, not_met
from serportal.reviews.states import Basis, Choice
from serportal.ui.text import tidy
from serportal.ui.words import day_text, programme_day

ROWS = ("criteria", "window", "bill", "certification", "granted", "graduate__programme__partner")
EXPERIENCE, BREADTH, REFERENCES = "experience", "breadth", "references"


@dataclass(frozen=True)
class Sheets:
    """Both sheets of an application as they were computed when it was filed, or last answered; None: not asked."""

    knowledge: object
    experience: object

    def lines(self) -> list[words.Told]:
        return words.sheet_lines(self.knowledge, self.experience)

    def missing(self) -> list[str]:
        return words.shortfall(self.knowledge, self.experience)


def sheets_of(application: Application) -> Sheets:
    return Sheets(sheets.restored(application.knowledge), sheets.restored(application.experience))


class ApplicationKind(ReviewKind):
    """CERP, CERPIT and upgrade: three members of the Certification Committee, after the window closed (R-REV-11).

    Seated by day 22 after the close, ballots on day 42, decided by the window’s date (SPEC 5).
    """

    key = "application"
    series = "APP"
    label = gettext_lazy("Application")
    committee = Committee.CERTIFICATION
    content_template = "applications/_content.html"
    tools_template = "admin/applications/_tools.html"
    credits = False
    judges = True
    compares = False
    promised_days = 92
    days = Days(screen_days=22, ballot_days=42, answer_days=61, alternate_days=7, settle_days=3, proof_days=90)

    def read(self, case):
        application = Application.objects.select_related(*ROWS).get(pk=case.pk)
        application.case = case
        found = sheets_of(application)
        chapters = chapters_of(application)
        lines = tuple(
            (line.label, _("{has} of {least}").format(has=line.has, least=line.least)) for line in found.lines()
        )
        return Reading(
            case=case,
            worth=Worth(Decimal(0), lines, words.result(application.ready_as, application.kind) if lines else ""),
            content={
                "application": application,
                "chapters": chapters,
                "file_rows": read.rows_with_files(chapters),
                "sheet": found.lines(),
                **self._references(application),
                # Asked for where it is shown: to coordinators, not to the panel.
                "gates": partial(gates.look_over, application),
            },
            told=told(chapters),
        )

    def _references(self, application: Application) -> dict:
        draft = application.case.application_drafts.get(request__isnull=True)
        draft.case = application.case
        return {"references": references.answers_of(draft), "reference_flags": references.flags_of(draft)}

    def ended(self, case, *, at):
        """Nobody owes a fee for what is not reviewed; what was paid stays paid (R-APP-10)."""
        bill = Application.objects.values_list("bill", flat=True).get(pk=case.pk)
        if bill is not None:
            fees.drop(bill_id=bill, reason=_("{0} ended before its review.").format(case.reference), at=at)

    def flags(self, reading, *, by):
        found = list(reading.content.get("reference_flags", ()))
        knowledge = sheets_of(reading.content["application"]).knowledge
        if knowledge and knowledge.estimated:
            found.append(_("Some credits are in a unit of the school’s own; their semester equivalent is estimated."))
        return found

    def ballots(self, case):
        if case.topic == Kind.CERP:
            return (Choice.APPROVE, Choice.OFFER, Choice.DENY, Choice.ABSTAIN)
        return (Choice.APPROVE, Choice.DENY, Choice.ABSTAIN)

    def criteria(self, reading):
        """Each knowledge area, experience, breadth and references, with what the sheet says beside it."""
        found = sheets_of(reading.content["application"])
        judged = []
        if found.knowledge:
            said: dict[str, list[str]] = {}
            for line, told in zip(found.knowledge.lines, words.knowledge_lines(found.knowledge), strict=True):
                said.setdefault(str(line.area), []).append(told.sentence)
            judged += [Criterion(key, str(Area(key).label).capitalize(), " ".join(text)) for key, text in said.items()]
        if found.experience:
            months, *breadth = words.experience_sentences(found.experience)
            judged.append(Criterion(EXPERIENCE, _("Experience"), months))
            judged.append(Criterion(BREADTH, _("Breadth of the experience"), " ".join(breadth)))
        if reading.content["application"].kind != Kind.UPGRADE:
            judged.append(Criterion(REFERENCES, _("References")))
        return judged

    def blocks(self, case):
        application = Application.objects.select_related(*ROWS).get(pk=case.pk)
        text = _("{what} It waits for {holder}.")
        return [text.format(what=one.sentence, holder=one.holder) for one in gates.blocks_of(application)]

    def steps(self, reading, outcome, ballots):
        """Propose what is missing for CERP by the sheet, then what most reviewers did not find met (R-APP-8)."""
        application = reading.content["application"]
        if not (outcome.offer or (outcome.approved and application.kind == Kind.CERPIT)):
            return None
        found = sheets_of(application).missing()
        labels = {criterion.key: criterion.label for criterion in self.criteria(reading)}
        for key in not_met(labels, [one.judgements for one in ballots]):
            found.append(_("{criterion}: the committee did not find it met.").format(criterion=labels[key]))
        return found or [_("Everything CERP asks is there by the figures. Apply for the upgrade when you are ready.")]

    def letter(self, reading, verdict):
        case, application = reading.case, reading.content["application"]
        paragraphs = [*verdict.reasons, verdict.note]
        subject, text = render(
            self._template(application, verdict.outcome),
            {
                "name": case.filed_by.name,
                "reference": case.reference,
                "title": case.headline,
                "certificate_name": application.name_on_certificate,
                "sheet": "\n".join(line.sentence for line in reading.content["sheet"]),
                "reasons": "\n\n".join(paragraph for paragraph in paragraphs if paragraph),
                "steps": "\n".join(f"{number}. {step}" for number, step in enumerate(verdict.steps, start=1)),
                "today": day_text(programme_day(verdict.at)),
                "due": day_text(programme_day(verdict.at) + OFFER_STANDS),
                "link": settings.SITE_URL + self.url(case),
            },
        )
        return Letter(subject, tidy(text))

    def _template(self, application: Application, outcome) -> str:
        if outcome.offer:
            return "application-offered"
        said = "approved" if outcome.approved else "denied"
        return {
            Kind.CERP: f"application-{said}",
            Kind.CERPIT: f"application-{said}-cerpit",
            Kind.UPGRADE: f"application-{said}-upgrade",
            Kind.PARTNER: f"application-{said}-partner",
        }[Kind(application.kind)]

    def carry_out(self, reading, decision, *, at):
        """Certify; a new decision after a reopening takes back what it no longer grants."""
        application = reading.content["application"]
        if decision.approved:
            level = granting.LEVELS[Kind(application.kind)]
            granting.grant(reading.case, decision, level=level, steps=decision.steps, at=at)
        else:
            granting.take_back(reading.case, decision, at=at)

    def offer_taken(self, case, decision, *, accept, at):
        if accept:
            granting.grant(case, decision, level=Level.CERPIT, steps=decision.steps, at=at)
        template = "application-offer-accepted" if accept else "application-offer-over"
        reviews.owe_to_author(
            case,
            template,
            key=f"offer-answered:{decision.pk}",
            at=at,
        )

    def url(self, case):
        return reverse("applications:case", args=[case.reference])

    def request_url(self, request):
        return reverse("applications:answer", args=[request.case.reference])

    def parts(self, case):
        application = Application.objects.select_related("certification").get(pk=case.pk)
        sections = asks.sections_of(application.kind, steps=has_steps(application))
        return [(str(one), str(one.label)) for one in sections if one not in read.UNREAD]

    def topic_label(self, topic):
        return str(Kind(topic).label)


class PartnerKind(ApplicationKind):
    """The short form of a partner’s graduate: the coordinator decides once the college confirmed it (R-APP-7)."""

    key = "partner"
    label = gettext_lazy("Partner application")
    judges = False
    has_panel = False
    promised_days = 28
    days = Days(screen_days=4, ballot_days=14, answer_days=28, alternate_days=7, settle_days=3, proof_days=90)

    def may_decide_alone(self, case, basis, choice):
        if basis != Basis.PARTNER:
            return False
        confirmed = Graduate.objects.filter(application=case.pk, state=Confirmed.YES).exists()
        return confirmed or choice == Choice.DENY

    def flags(self, reading, *, by):
        graduate = getattr(reading.content["application"], "graduate", None)
        if graduate is None or graduate.state != Confirmed.NO:
            return []
        text = _("{partner} did not confirm the graduate: {note}")
        return [text.format(partner=graduate.programme.partner.name, note=graduate.note)]

    def _references(self, application):
        return {}

    def steps(self, reading, outcome, ballots):
        return None
