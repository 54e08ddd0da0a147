"""What templates may name in braces: what each placeholder stands for, a sample of it, and whose words it holds."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

ours = lazy(lambda path: settings.SITE_URL + path, str)


@dataclass(frozen=True)
class Placeholder:
    """``typed`` marks the own words of members and the like, which no letter turns into an address (C21b)."""

    meaning: str
    sample: str
    typed: bool = False


PLACEHOLDERS = {
    "accept_link": Placeholder(
        _("The address at which somebody accepts, or declines, what a sponsor’s list says of them"), ours("/cecs/")
    ),
    "after": Placeholder(_("The credits of the period after the change"), "40"),
    "agreed": Placeholder(
        _("What holds by an arrangement, in whole sentences"),
        _("Year 4 of your period, 15 March 2029 to 14 March 2030, needs 3 credits."),
    ),
    "amount": Placeholder(_("The amount asked or received"), "USD 250.00"),
    "answer": Placeholder(_("What a whole committee answered"), _("yes")),
    "answer_link": Placeholder(_("The address at which the member answers"), ours("/cecs/CEC-2026-0042/answer/")),
    "applicant": Placeholder(_("The applicant’s name"), "Amara Okafor", typed=True),
    "approved": Placeholder(_("The credits approved so far"), "2.5"),
    "asked": Placeholder(
        _("What a member asks to be arranged"), _("a minimum of 3 credits for year 4, 15 March 2029 to 14 March 2030")
    ),
    "because": Placeholder(
        _("Why a referee declines, where the applicant may know; else empty"),
        _("The reason given: “I have not seen your work for ten years.”"),
        typed=True,
    ),
    "before": Placeholder(_("The credits of the period before the change"), "50"),
    "blocks": Placeholder(
        _("A line for each thing that is still to come before the review, and who holds it"),
        _("The fee of USD 350.00 is not paid yet (INV-2026-0042). It waits for the applicant."),
    ),
    "certificate_link": Placeholder(_("The address of the own certificate"), ours("/certificates/")),
    "certificate_name": Placeholder(_("The name on the certificate"), "Amara Okafor", typed=True),
    "choices": Placeholder(
        _("Where the reader puts a reminder off or stops some; empty where all are duties"),
        _("Put a reminder off, or choose which you get: https://…"),
    ),
    "code": Placeholder(_("The approval code of an offering"), "SER-7F3K-9QXM"),
    "college": Placeholder(_("The partner that was asked about a graduate"), "Niagara College"),
    "college_reason": Placeholder(
        _("Why the partner does not confirm a graduate"), _("The last course is not passed yet."), typed=True
    ),
    "completed": Placeholder(_("The day on which a graduate completed the programme"), _("24 April 2026")),
    "confirmation": Placeholder(
        _("The Confirmation of Completion in words; empty where the sponsor gives its own"),
        _(
            "This letter is your Confirmation of Completion: Amara Okafor, 6 h of instruction, 15 October 2026, "
            "approval code SER-7F3K-9QXM. Keep it."
        ),
        typed=True,
    ),
    "count": Placeholder(_("How many reminders the message holds"), "2"),
    "counts_in": Placeholder(
        _("In which year of the period the credits count"), _("It counts in year 2, 15 March 2026 to 14 March 2027.")
    ),
    "credits": Placeholder(_("Credits granted, or taken back"), _("10 credits")),
    "day": Placeholder(_("The day on which the credits were earned"), _("15 October 2026")),
    "days": Placeholder(_("The days of the activity"), _("12 to 15 October 2026")),
    "due": Placeholder(_("The day by which something is due"), _("14 December 2026")),
    "example": Placeholder(
        _("What would bring the missing credits, for instance"),
        _("A workshop or webinar with 2.5 h of instruction would bring as much."),
    ),
    "fee": Placeholder(_("What a fee is for"), _("Application for CERP")),
    "filed": Placeholder(_("The day of filing"), _("16 November 2026")),
    "full_amount": Placeholder(_("The amount before it was reduced"), "USD 350.00"),
    "gap": Placeholder(
        _("What is missing for a renewal, or that nothing is"),
        _("43.5 of 50 credits are approved, 6.5 are missing. Year 5 lacks 2.5 of its 5."),
    ),
    "goal": Placeholder(_("The credits a period needs"), "50"),
    "graduate": Placeholder(_("The name of a partner’s graduate"), "Chloé Tremblay", typed=True),
    "graduates": Placeholder(
        _("A line for each graduate about whom the partner has not answered"),
        _("Chloé Tremblay, Ecosystem Restoration, asked on 16 November 2026"),
    ),
    "ground": Placeholder(_("Who decided, and on what ground"), _("The Continuing Education Committee has read it.")),
    "hours": Placeholder(_("How long somebody attended"), _("6 h 30 min")),
    "invoice": Placeholder(_("The number of the invoice"), "INV-2026-0042"),
    "journal": Placeholder(
        _("What the decision changes in the journal"),
        _(
            "The credits are approved from today and count at once. They are uploaded to your journal on 1 January "
            "2027."
        ),
    ),
    "journal_link": Placeholder(_("The address of the journal"), ours("/journal/")),
    "lateness": Placeholder(
        _("That an appeal came after its last day; else empty"),
        _("It came after the last day for an appeal, 14 December 2026. The coordinator decides whether it is let in."),
    ),
    "least": Placeholder(_("The credits every year of a period needs"), "5"),
    "level": Placeholder(
        _("What certification is applied for"), _("Certified Ecological Restoration Practitioner (CERP)")
    ),
    "lines": Placeholder(
        _("A line for each thing the reader is reminded of; its words are templates of their own"),
        _(
            "Your ballot on CEC-2026-0041 was due on 24 November 2026 and is late.\n\n"
            "Your ballot on CEC-2026-0042 is due on 28 November 2026."
        ),
    ),
    "link": Placeholder(_("The address of the page in the portal"), ours("/cecs/CEC-2026-0042/")),
    "most": Placeholder(_("Most credits the claim can bring"), _("10 credits")),
    "may": Placeholder(
        _("What a contact may do for a sponsor"), _("You may ask for pre-approvals, and keep dates and attendance.")
    ),
    "name": Placeholder(_("The reader’s name"), "Amara Okafor", typed=True),
    "needed": Placeholder(_("The credits that a period or a year still needs"), "10"),
    "number": Placeholder(_("The number of the certificate"), "CERP-0042"),
    "old_code": Placeholder(_("The approval code before a renewal"), "SER-2M8T-4RWA"),
    "paid": Placeholder(_("The day of the payment"), _("20 November 2026")),
    "pending": Placeholder(
        _("What claims that are being reviewed may bring; empty where there are none"),
        _("Claims that are being reviewed ask for 1.5 more."),
    ),
    "period": Placeholder(_("The certification period"), _("15 March 2025 to 14 March 2030")),
    "place": Placeholder(_("Where the activity took place"), _("Groningen, Netherlands"), typed=True),
    "posted": Placeholder(_("The credits that one upload brought"), "6"),
    "programme": Placeholder(_("The programme of a partner"), _("Ecosystem Restoration, Graduate Certificate")),
    "promised": Placeholder(_("The day that was promised before"), _("7 December 2026")),
    "question": Placeholder(_("What the coordinator asks"), _("Could you add the programme of the second day?")),
    "reason": Placeholder(_("The coordinator’s reason"), _("Two members of the committee are in the field.")),
    "reasons": Placeholder(
        _("The reasons of the committee and the coordinator’s paragraph; may be empty"),
        _("Two sessions were presentations of products."),
    ),
    "receipt": Placeholder(_("The number of the receipt"), "RCT-2026-0017"),
    "renew_link": Placeholder(_("The address at which a certification is renewed"), ours("/journal/renew/")),
    "renewable": Placeholder(_("Whether a period can be renewed yet"), _("cannot be renewed yet")),
    "renewal_act": Placeholder(_("What the link of the renewal leads to"), _("Renew it here:")),
    "renewed": Placeholder(
        _("What a renewal means beside the period itself; may be empty"), _("It had lapsed, and is reinstated.")
    ),
    "reference": Placeholder(_("The reference of the case"), "CEC-2026-0042"),
    "sheet": Placeholder(
        _("A line for each figure that was computed of an application"),
        _("12 of 15 credits in biological science; 3 more are needed."),
    ),
    "referee": Placeholder(_("The referee’s name"), "Wanjiru Kamau", typed=True),
    "said": Placeholder(
        _("What the applicant writes to the referee; may be empty"),
        _("Amara Okafor writes: “We built the Dollard marsh together.”"),
        typed=True,
    ),
    "short": Placeholder(
        _("What the period or the year now lacks; empty where it lacks nothing"),
        _("Year 2 of your period now has 3 credits; it needs 5."),
    ),
    "since": Placeholder(_("The day since which something waits"), _("16 November 2026")),
    "sponsor": Placeholder(_("Who offers a course or event"), "Delta Restoration Institute", typed=True),
    "standing": Placeholder(_("When it is or was due"), _("is due on 28 November 2026")),
    "statements_link": Placeholder(
        _("The address of the statements, where letters about them are chosen"), ours("/journal/statements/")
    ),
    "steps": Placeholder(_("The next steps on the way to CERP, numbered"), _("1. Three more credits in biology.")),
    "student_number": Placeholder(_("The student number that a graduate gave"), "4471902", typed=True),
    "sum": Placeholder(_("How the credits were worked out"), _("22 hours ÷ 2 = 11; a single event counts at most 10.")),
    "title": Placeholder(_("The name of the activity"), _("North Sea Wetlands Conference"), typed=True),
    "today": Placeholder(_("The day of the letter"), _("25 November 2026")),
    "until": Placeholder(_("The moment until which something is open"), _("28 November 2026, 10:58 Eastern Time")),
    "uploaded": Placeholder(_("The day on which credits were uploaded to journals"), _("1 January 2027")),
    "upload": Placeholder(_("The day of the next upload to journals"), _("1 January 2027")),
    "validity": Placeholder(
        _("The days for which an approval holds"),
        _("It holds for every date from 16 November 2026 to 15 November 2028."),
    ),
    "verify_link": Placeholder(_("The address at which anyone checks a certificate"), ours("/verify/CERP-0042/")),
    "who": Placeholder(_("Who did what the letter tells"), "Marisol Quispe", typed=True),
    "window": Placeholder(_("The day on which the review window closes"), _("30 April 2027")),
    "year": Placeholder(_("The number of the year of the period"), "2"),
    "year_after": Placeholder(_("The credits of that year after the change"), "3"),
    "year_before": Placeholder(_("The credits of that year before the change"), "13"),
}


def described(name: str) -> Placeholder:
    """Return what is known of ``name``; a placeholder that nobody described holds somebody’s own words."""
    return PLACEHOLDERS.get(name) or Placeholder("", f"[{name}]", typed=True)


def samples(names: Iterable[str]) -> dict[str, str]:
    """Return a sample value for each of ``names``."""
    return {name: str(described(name).sample) for name in names}
