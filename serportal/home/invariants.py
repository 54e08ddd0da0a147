"""What must be true of the whole database at any moment; each check is one query that names what breaks it."""

from collections.abc import Iterator

from django.db import connection

CHECKS: dict[str, str] = {
    "No ballot is cast by someone with a conflict, or on their own submission (R-REV-5).": """
        SELECT c.reference FROM reviews_ballot b
        JOIN reviews_seat s ON s.id = b.seat_id JOIN reviews_panel p ON p.id = s.panel_id
        JOIN reviews_reviewcase c ON c.id = p.case_id
        WHERE c.filed_by_id = s.member_id
           OR s.counts AND EXISTS (SELECT 1 FROM reviews_party x WHERE x.case_id = c.id AND x.person_id = s.member_id)
           OR EXISTS (SELECT 1 FROM reviews_conflict x
                      WHERE x.case_id = c.id AND x.member_id = s.member_id AND x.declared_at <= b.cast_at)
    """,
    "Whoever stepped out has a conflict, and nobody with a conflict holds a seat that counts (R-REV-5).": """
        SELECT c.reference FROM reviews_seat s JOIN reviews_panel p ON p.id = s.panel_id
        JOIN reviews_reviewcase c ON c.id = p.case_id
        LEFT JOIN reviews_conflict x ON x.case_id = c.id AND x.member_id = s.member_id
        WHERE (s.state = 'recused' AND x.id IS NULL)
           OR (x.id IS NOT NULL AND s.counts AND s.state <> 'voted')
    """,
    "An approved case has at most one standing entry, of the person who filed it, with the credits granted.": """
        SELECT c.reference FROM reviews_reviewcase c
        JOIN reviews_decision d ON d.case_id = c.id JOIN journals_entry e ON e.decision_id = d.id
        LEFT JOIN journals_entry r ON r.reverses_id = e.id
        WHERE c.state = 'approved' AND r.id IS NULL
        GROUP BY c.id HAVING count(e.id) > 1 OR bool_or(e.credits <> c.granted OR e.person_id <> c.filed_by_id)
    """,
    "Every approval with credits made an entry with its credits, or kept the equal one of an earlier decision.": """
        SELECT c.reference FROM reviews_decision d JOIN reviews_reviewcase c ON c.id = d.case_id
        WHERE c.kind = 'cec' AND d.approved AND NOT d.advance AND d.credits > 0 AND NOT EXISTS (
            SELECT 1 FROM journals_entry e JOIN reviews_decision o ON o.id = e.decision_id
            WHERE o.case_id = d.case_id AND o.decided_at <= d.decided_at AND e.credits = d.credits)
    """,
    "A denied, withdrawn or awaiting case has no standing entry; one that is open again keeps what it had.": """
        SELECT c.reference FROM journals_entry e JOIN reviews_decision d ON d.id = e.decision_id
        JOIN reviews_reviewcase c ON c.id = d.case_id LEFT JOIN journals_entry r ON r.reverses_id = e.id
        WHERE r.id IS NULL AND c.state IN ('denied', 'approved in advance', 'awaiting proof')
    """,
    "The control total, entries and members of a posted upload are those of its entries (R-UPL-3).": """
        SELECT u.key FROM journals_upload u LEFT JOIN journals_entry e ON e.upload_id = u.id
        WHERE u.posted_at IS NOT NULL
        GROUP BY u.id HAVING u.control_total <> coalesce(sum(e.credits), 0)
            OR u.entries_posted <> count(e.id) OR u.members <> count(DISTINCT e.person_id)
    """,
    "Entries belong to posted uploads only.": """
        SELECT u.key FROM journals_entry e JOIN journals_upload u ON u.id = e.upload_id
        WHERE u.posted_at IS NULL OR e.approved_at > u.posted_at
    """,
    "An entry lies in the period that counts it, and the period is its person's (R-DATE).": """
        SELECT e.id::text FROM journals_entry e JOIN certifications_period p ON p.id = e.period_id
        WHERE e.person_id <> p.person_id OR e.earned_on NOT BETWEEN p.starts_on AND p.ends_on
    """,
    "The ballots counted on a case are those of its newest panel on its newest version (R-REV-3, R-REV-6).": """
        SELECT c.reference FROM reviews_reviewcase c
        JOIN LATERAL (SELECT * FROM reviews_panel WHERE case_id = c.id ORDER BY round DESC LIMIT 1) p ON true
        LEFT JOIN reviews_seat s ON s.panel_id = p.id AND s.counts AND s.state = 'voted' AND EXISTS (
            SELECT 1 FROM reviews_ballot b WHERE b.seat_id = s.id AND b.revision = c.revision)
        WHERE c.state = 'in review' AND c.step <> 'seat'
        GROUP BY c.id, p.id HAVING count(s.id) <> c.ballots_in
    """,
    "A panel is closed while its quorum of ballots is in, and open before (R-REV-3).": """
        SELECT c.reference FROM reviews_reviewcase c
        JOIN LATERAL (SELECT * FROM reviews_panel WHERE case_id = c.id ORDER BY round DESC LIMIT 1) p ON true
        LEFT JOIN reviews_seat s ON s.panel_id = p.id AND s.counts AND s.state = 'voted'
        WHERE c.step IN ('vote', 'fill', 'settle', 'decide')
        GROUP BY c.id, p.id, p.closed_at, p.quorum
        HAVING (count(s.id) >= p.quorum) <> (p.closed_at IS NOT NULL)
            OR (c.step IN ('vote', 'fill')) <> (p.closed_at IS NULL)
    """,
    "A case waits for a seat to be filled exactly while fewer than three seats of its panel count.": """
        SELECT c.reference FROM reviews_reviewcase c
        JOIN LATERAL (SELECT * FROM reviews_panel WHERE case_id = c.id ORDER BY round DESC LIMIT 1) p ON true
        LEFT JOIN reviews_seat s ON s.panel_id = p.id AND s.counts
        WHERE c.step IN ('vote', 'fill')
        GROUP BY c.id, p.id HAVING (count(s.id) < 3) <> (c.step = 'fill')
    """,
    "A panel is open to itself exactly while its ballots differ and its days are not over (R-REV-3).": """
        SELECT c.reference FROM reviews_reviewcase c
        JOIN LATERAL (SELECT * FROM reviews_panel WHERE case_id = c.id ORDER BY round DESC LIMIT 1) p ON true
        WHERE c.step = 'settle' AND p.split_until IS NULL
    """,
    "Only seats of the newest panel count, and none while a case waits for its panel (R-REV-3).": """
        SELECT c.reference FROM reviews_seat s JOIN reviews_panel p ON p.id = s.panel_id
        JOIN reviews_reviewcase c ON c.id = p.case_id
        WHERE s.counts AND (
            c.step = 'seat' OR p.round < (SELECT max(round) FROM reviews_panel WHERE case_id = c.id))
    """,
    "An event leads to the one it is linked to, and never further (R-CAP).": """
        SELECT e.name FROM journals_event e JOIN journals_event r ON r.id = e.same_as_id
        WHERE r.same_as_id IS NOT NULL
    """,
    "A case waits for its author exactly while something is open to them (R-REV-8, R-DATE).": """
        SELECT c.reference FROM reviews_reviewcase c
        WHERE (c.step IN ('answer', 'proof')) <> EXISTS (
            SELECT 1 FROM reviews_inforequest q WHERE q.case_id = c.id AND q.closed_at IS NULL)
    """,
    "A question to a whole committee is open only while its case is, and the history tells its end (R-REV-10).": """
        SELECT c.reference FROM reviews_poll p JOIN reviews_reviewcase c ON c.id = p.case_id
        WHERE (p.closed_at IS NULL AND c.step = 'done')
           OR (p.closed_at IS NOT NULL AND NOT EXISTS (
               SELECT 1 FROM reviews_caseevent e WHERE e.case_id = c.id AND e.at = p.closed_at
               AND e.move = CASE p.outcome WHEN true THEN 'carry' WHEN false THEN 'fall' ELSE 'void' END))
    """,
    "Nobody votes with a whole committee on their own submission, with a conflict, or after the end (R-REV-5).": """
        SELECT c.reference FROM reviews_vote b JOIN reviews_voter v ON v.id = b.voter_id
        JOIN reviews_poll p ON p.id = v.poll_id JOIN reviews_reviewcase c ON c.id = p.case_id
        WHERE c.filed_by_id = v.member_id OR b.cast_at > p.closed_at
           OR EXISTS (SELECT 1 FROM reviews_conflict x
                      WHERE x.case_id = c.id AND x.member_id = v.member_id AND x.declared_at <= b.cast_at)
           OR (v.state = 'voted' AND p.closed_at IS NULL AND EXISTS (
               SELECT 1 FROM reviews_party x WHERE x.case_id = c.id AND x.person_id = v.member_id))
    """,
    "Whoever is out of a committee’s question has a part in the case; nobody with a conflict is in it (R-REV-5).": """
        SELECT c.reference FROM reviews_voter v JOIN reviews_poll p ON p.id = v.poll_id
        JOIN reviews_reviewcase c ON c.id = p.case_id
        LEFT JOIN reviews_conflict x ON x.case_id = c.id AND x.member_id = v.member_id
        WHERE (v.state = 'recused' AND x.id IS NULL AND c.filed_by_id <> v.member_id AND NOT EXISTS (
               SELECT 1 FROM reviews_party y WHERE y.case_id = c.id AND y.person_id = v.member_id))
           OR (v.state = 'recused' AND v.counts <> (p.topic = 'instructor'))
           OR (v.state <> 'recused' AND x.id IS NOT NULL AND p.closed_at IS NULL)
    """,
    "Who voted with a whole committee has a vote that stands on the newest version, while it is open (R-REV-6).": """
        SELECT c.reference FROM reviews_voter v JOIN reviews_poll p ON p.id = v.poll_id
        JOIN reviews_reviewcase c ON c.id = p.case_id
        LEFT JOIN LATERAL (SELECT revision FROM reviews_vote WHERE voter_id = v.id ORDER BY id DESC LIMIT 1) b ON true
        WHERE v.state = 'voted' AND (b.revision IS NULL OR (p.closed_at IS NULL AND b.revision <> c.revision))
    """,
    "A committee says yes with more than half of all, and no once that is certain or late (R-REV-10, R-SPO-6).": """
        SELECT c.reference FROM reviews_poll p JOIN reviews_reviewcase c ON c.id = p.case_id
        JOIN LATERAL (
            SELECT count(*) FILTER (WHERE v.counts) AS whole,
                count(*) FILTER (WHERE v.state <> 'recused') AS able,
                count(*) FILTER (WHERE v.state IN ('invited', 'declared')) AS waited,
                count(*) FILTER (WHERE v.state = 'voted' AND b.answer = 'yes') AS yes
            FROM reviews_voter v
            LEFT JOIN LATERAL (SELECT answer FROM reviews_vote WHERE voter_id = v.id ORDER BY id DESC LIMIT 1) b ON true
            WHERE v.poll_id = p.id) n ON true
        WHERE p.outcome <> (n.yes * 2 > n.whole) OR (p.outcome IS NOT NULL AND n.able = 0)
           OR (NOT p.outcome AND n.waited > 0 AND (n.yes + n.waited) * 2 > n.whole
               AND (p.closed_at AT TIME ZONE 'UTC')::date <= p.due_on)
           OR (p.closed_at IS NULL AND n.able > 0 AND (
               n.yes * 2 > n.whole OR n.waited = 0 OR (n.yes + n.waited) * 2 <= n.whole))
    """,
    "An appeal is with the whole committee while its question is open, and is decided as that voted (R-SPO-6).": """
        SELECT c.reference FROM preapprovals_appeal a JOIN reviews_reviewcase c ON c.id = a.case_id
        LEFT JOIN LATERAL (SELECT * FROM reviews_poll WHERE case_id = c.id ORDER BY number DESC LIMIT 1) p ON true
        WHERE (c.step = 'poll') <> (p.id IS NOT NULL AND p.closed_at IS NULL)
           OR (c.step = 'decide' AND p.outcome IS NULL)
           OR (c.state IN ('approved', 'denied') AND (c.state = 'approved') IS DISTINCT FROM p.outcome)
    """,
    "Nobody votes on an appeal who decided about the offering before: by an act, a decision or a ballot (R-SPO-6).": """
        SELECT c.reference FROM preapprovals_appeal a JOIN reviews_reviewcase c ON c.id = a.case_id
        JOIN preapprovals_notice n ON n.id = a.notice_id JOIN preapprovals_offering o ON o.id = n.offering_id
        JOIN reviews_poll p ON p.case_id = c.id JOIN reviews_voter v ON v.poll_id = p.id AND v.state <> 'recused'
        WHERE v.member_id IN (
            SELECT by_id FROM preapprovals_notice WHERE offering_id = o.id AND at <= p.opened_at
            UNION SELECT decided_by_id FROM reviews_decision WHERE case_id = o.request_id AND decided_at <= p.opened_at
            UNION SELECT s.member_id FROM reviews_seat s JOIN reviews_panel q ON q.id = s.panel_id
                JOIN reviews_ballot b ON b.seat_id = s.id WHERE q.case_id = o.request_id AND b.cast_at <= p.opened_at)
    """,
    "Every decision has its event and the letter it owes (R-REV-9).": """
        SELECT c.reference FROM reviews_decision d JOIN reviews_reviewcase c ON c.id = d.case_id
        WHERE NOT EXISTS (SELECT 1 FROM outbox_message m WHERE m.key = 'decision:' || d.id AND m.text = d.letter)
           OR NOT EXISTS (SELECT 1 FROM reviews_caseevent e WHERE e.case_id = c.id AND e.at = d.decided_at
                          AND e.move IN ('approve', 'deny', 'advance', 'offer'))
    """,
    "Every decided case has a decision that granted what it says.": """
        SELECT c.reference FROM reviews_reviewcase c
        WHERE c.state IN ('approved', 'denied') AND NOT EXISTS (
            SELECT 1 FROM reviews_decision d WHERE d.case_id = c.id AND d.credits = c.granted AND NOT d.advance)
    """,
    "Every case has its content, its first event and someone it is about.": """
        SELECT c.reference FROM reviews_reviewcase c
        WHERE (NOT EXISTS (SELECT 1 FROM cecs_cecsubmission s WHERE s.case_id = c.id)
               AND NOT EXISTS (SELECT 1 FROM applications_application s WHERE s.case_id = c.id)
               AND NOT EXISTS (SELECT 1 FROM preapprovals_preapprovalrequest s WHERE s.case_id = c.id)
               AND NOT EXISTS (SELECT 1 FROM preapprovals_appeal s WHERE s.case_id = c.id)
               AND NOT EXISTS (SELECT 1 FROM journals_arrangement s WHERE s.case_id = c.id)
               AND NOT EXISTS (SELECT 1 FROM journals_renewal s WHERE s.case_id = c.id))
           OR NOT EXISTS (SELECT 1 FROM reviews_caseevent e WHERE e.case_id = c.id AND e.move = 'file')
           OR NOT EXISTS (SELECT 1 FROM reviews_party x WHERE x.case_id = c.id AND x.person_id = c.filed_by_id)
    """,
    "A filed draft leads to a case of its owner that took over its folder; an answer has a folder of its own.": """
        SELECT d.id FROM (SELECT id::text, owner_id, case_id, folder_id, request_id FROM cecs_draft
                          UNION ALL
                          SELECT id::text, owner_id, case_id, folder_id, request_id FROM applications_draft
                          UNION ALL
                          SELECT id::text, owner_id, case_id, folder_id, request_id FROM preapprovals_draft
                          UNION ALL
                          SELECT id::text, owner_id, case_id, folder_id, request_id FROM journals_arrangementdraft
                          UNION ALL
                          SELECT id::text, owner_id, case_id, folder_id, request_id FROM journals_renewaldraft) d
        JOIN reviews_reviewcase c ON c.id = d.case_id
        WHERE c.filed_by_id <> d.owner_id OR (c.folder_id = d.folder_id) <> (d.request_id IS NULL)
    """,
    "Every version of a case is kept (R-REV-6).": """
        SELECT c.reference FROM reviews_reviewcase c WHERE c.revision > 1 AND NOT EXISTS (
            SELECT 1 FROM reviews_revision r WHERE r.case_id = c.id AND r.number = c.revision)
    """,
    "A reminder that was told stands in a message to its person, word for word.": """
        SELECT r.id::text FROM outbox_reminder r JOIN outbox_message m ON m.id = r.message_id
        WHERE m.person_id <> r.person_id OR position(r.line IN m.text) = 0
    """,
    "No message has been half sent for more than ten minutes without being shown as such.": """
        SELECT id::text FROM outbox_message WHERE state = 'sending' AND claimed_at < now() - interval '10 minutes'
    """,
    "A correction takes back one entry in full, in the period, year and activity that held it (R-UPL-4).": """
        SELECT r.id::text FROM journals_entry r JOIN journals_entry e ON e.id = r.reverses_id
        WHERE e.reverses_id IS NOT NULL OR r.credits <> -e.credits OR r.approved_at < e.approved_at
            OR (r.person_id, r.period_id, r.earned_on, r.activity)
            <> (e.person_id, e.period_id, e.earned_on, e.activity)
    """,
    "The statements of a posted upload add up to its control total (R-UPL-5).": """
        SELECT u.key FROM journals_upload u LEFT JOIN journals_statement s ON s.upload_id = u.id
        WHERE u.posted_at IS NOT NULL GROUP BY u.id
        HAVING coalesce(sum(s.posted), 0) <> u.control_total OR coalesce(sum(s.entries), 0) <> u.entries_posted
    """,
    "Each statement holds the entries of its upload and period, and each uploaded entry is in one.": """
        SELECT concat_ws(' ', upload_id, period_id) FROM journals_statement s FULL JOIN (
            SELECT upload_id, period_id, person_id, count(*) AS entries, sum(credits) AS posted
            FROM journals_entry WHERE upload_id IS NOT NULL GROUP BY upload_id, period_id, person_id
        ) e USING (upload_id, period_id)
        WHERE (s.person_id, s.entries, s.posted) IS DISTINCT FROM (e.person_id, e.entries, e.posted)
    """,
    "A statement opens with what the one before it closed with, and carries in what that one carried out.": """
        SELECT id::text FROM (
            SELECT *, lag(closing, 1, 0) OVER (PARTITION BY period_id ORDER BY id) AS closed,
                lag(carried_out, 1, 0) OVER (PARTITION BY person_id ORDER BY id) AS kept
            FROM journals_statement
        ) s WHERE opening <> closed OR carried_in <> kept
    """,
    "A bill is paid exactly if a payment of its whole amount is recorded (R-APP-10).": """
        SELECT b.number FROM fees_bill b LEFT JOIN fees_payment p ON p.bill_id = b.id
        WHERE (b.state = 'paid') <> (p.id IS NOT NULL) OR p.amount <> b.amount
    """,
    "Every number of an invoice or a receipt that was taken is on one.": """
        SELECT c.series || '-' || c.year FROM numbers_counter c
        WHERE c.series IN ('INV', 'RCT') AND c.last <> (
            SELECT count(*) FROM (SELECT number FROM fees_bill UNION ALL SELECT receipt FROM fees_payment) n
            WHERE n.number LIKE c.series || '-' || c.year || '-%')
    """,
    "A certification that ended runs no longer; an upgraded one is followed by a CERP of its holder (R-APP-8).": """
        SELECT c.number FROM certifications_certification c
        LEFT JOIN certifications_certification n ON n.id = c.succeeded_by_id
        WHERE (n.id IS NOT NULL AND (n.person_id <> c.person_id OR n.level <> 'CERP' OR c.level <> 'CERPIT'))
           OR EXISTS (SELECT 1 FROM certifications_period p WHERE p.certification_id = c.id AND p.ends_on > c.ended_on)
    """,
    "A granted certification is the applicant’s, of the level decided; every approval has one (R-APP-8).": """
        SELECT c.reference FROM applications_application a JOIN reviews_reviewcase c ON c.id = a.case_id
        LEFT JOIN certifications_certification g ON g.id = a.granted_id
        LEFT JOIN LATERAL (SELECT * FROM reviews_decision WHERE case_id = c.id ORDER BY id DESC LIMIT 1) d ON true
        WHERE (c.state = 'approved' AND g.id IS NULL)
           OR (g.id IS NOT NULL AND (
               c.state IN ('denied', 'withdrawn', 'offered CERPIT') OR g.person_id <> c.filed_by_id
               OR (g.level = 'CERP') <> (a.kind IN ('cerp', 'upgrade') AND NOT d.offer)))
    """,
    "An application that is ready for review has its fee, references, course and college settled (R-APP-11).": """
        SELECT c.reference FROM applications_application a JOIN reviews_reviewcase c ON c.id = a.case_id
        JOIN applications_criteria k ON k.id = a.criteria_id
        LEFT JOIN fees_bill b ON b.id = a.bill_id LEFT JOIN applications_graduate g ON g.application_id = a.case_id
        WHERE c.state = 'ready' AND (
            b.state = 'due' OR (a.kind <> 'upgrade' AND a.course_verified_at IS NULL)
            OR (a.kind = 'partner' AND coalesce(g.state, 'pending') = 'pending')
            OR (a.kind IN ('cerp', 'cerpit') AND k.references_least > (
                SELECT count(*) FROM applications_reference r JOIN applications_draft d ON d.id = r.draft_id
                WHERE d.case_id = c.id AND r.state = 'received')))
    """,
    "An open offer of CERPIT is what was decided last (R-APP-9).": """
        SELECT c.reference FROM reviews_reviewcase c WHERE c.step = 'offer' AND NOT coalesce((
            SELECT d.offer FROM reviews_decision d WHERE d.case_id = c.id ORDER BY d.id DESC LIMIT 1), false)
    """,
    "A reference that is in was answered and signed; of one that was declined nothing typed is kept (R-APP-6).": """
        SELECT r.id::text FROM applications_reference r
        WHERE (r.state = 'received' AND (coalesce(r.data->>'signature', '') = '' OR coalesce(r.data->>'seen', '') = ''))
           OR (r.state = 'declined' AND r.data <> '{}')
    """,
    "What a college says of a graduate is the last of its answers; it is asked about each of them (R-APP-7).": """
        SELECT c.reference FROM applications_application a JOIN reviews_reviewcase c ON c.id = a.case_id
        LEFT JOIN applications_graduate g ON g.application_id = a.case_id
        LEFT JOIN LATERAL (
            SELECT yes FROM applications_graduateanswer WHERE graduate_id = g.id ORDER BY id DESC LIMIT 1) l ON true
        WHERE (a.kind = 'partner') <> (g.id IS NOT NULL)
           OR (g.state <> 'pending' AND (l.yes IS NULL OR l.yes <> (g.state = 'yes')))
    """,
    "Every application was signed by its applicant, who alone is billed for it (R-APP-3, R-APP-10).": """
        SELECT c.reference FROM applications_application a JOIN reviews_reviewcase c ON c.id = a.case_id
        LEFT JOIN fees_bill b ON b.id = a.bill_id
        WHERE NOT EXISTS (
            SELECT 1 FROM accounts_signature s WHERE s.about = c.reference AND s.person_id = c.filed_by_id)
           OR (a.kind <> 'partner' AND b.id IS NULL)
           OR (b.person_id, b.about, b.kind) <> (c.filed_by_id, c.reference, replace(a.kind, 'partner', 'cerpit'))
    """,
    "Next steps are those of the decision that granted their certification, word for word (R-APP-8).": """
        SELECT n.id::text FROM applications_nextstep n
        JOIN reviews_decision d ON d.id = n.decision_id JOIN certifications_certification g ON g.id = n.certification_id
        LEFT JOIN applications_application a ON a.case_id = d.case_id
        LEFT JOIN reviews_reviewcase c ON c.id = a.case_id
        WHERE c.filed_by_id IS DISTINCT FROM g.person_id OR n.text IS DISTINCT FROM d.steps[n.number]
           OR (a.granted_id IS DISTINCT FROM g.id AND g.ended_as <> 'revoked')
    """,
    "An application counts for a window that had not closed when it was filed (R-APP-2).": """
        SELECT c.reference FROM applications_application a JOIN reviews_reviewcase c ON c.id = a.case_id
        JOIN applications_window w ON w.id = a.window_id WHERE w.closes_on < c.filed_on
    """,
    "An approval code is well formed, and the one kept for the request that it came from, and no other’s (SPEC 9).": """
        SELECT o.id::text FROM preapprovals_offering o
        LEFT JOIN preapprovals_preapprovalrequest r ON r.code = o.code
        WHERE o.code IS NOT NULL AND (
            o.code !~ '^SER-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$' OR r.case_id IS DISTINCT FROM o.request_id)
    """,
    "What is pre-approved has the credits of the decision on its request, or was brought in or renewed (R-SPO-3).": """
        SELECT o.code FROM preapprovals_offering o
        LEFT JOIN LATERAL (
            SELECT * FROM reviews_decision WHERE case_id = o.request_id ORDER BY id DESC LIMIT 1) d ON true
        WHERE o.code IS NOT NULL AND o.state IN ('active', 'warned')
          AND NOT coalesce(d.approved AND d.credits = o.credits, false)
          AND NOT (o.request_id IS NULL AND EXISTS (
              SELECT 1 FROM preapprovals_notice n
              WHERE n.offering_id = o.id AND n.act IN ('approved', 'imported', 'renewed')))
    """,
    "An offering that is terminated has its notice, and none that overturned it since (R-SPO-6).": """
        SELECT o.code FROM preapprovals_offering o
        LEFT JOIN LATERAL (
            SELECT act FROM preapprovals_notice
            WHERE offering_id = o.id AND act IN ('terminated', 'overturned')
            ORDER BY at DESC, id DESC LIMIT 1) n ON true
        WHERE (o.state = 'terminated') <> coalesce(n.act = 'terminated', false)
    """,
    "Every date of an offering lies within its approval (R-SPO-2).": """
        SELECT x.id::text FROM preapprovals_occurrence x JOIN preapprovals_offering o ON o.id = x.offering_id
        WHERE x.first_day < o.valid_from OR x.last_day > o.valid_to
    """,
    "A claim that meets attendance is of the person who was there, and none meets what was taken back (R-SPO-4).": """
        SELECT a.id::text FROM preapprovals_attendance a JOIN reviews_reviewcase c ON c.id = a.case_id
        WHERE a.state = 'undone' OR c.filed_by_id IS DISTINCT FROM a.person_id
    """,
    "A list of attendance that was taken in is kept for six years from the day it came (R-SPO-5).": """
        SELECT r.id::text FROM preapprovals_roster r
        WHERE r.state <> 'preview' AND r.keep_until < (
            (r.given_at AT TIME ZONE 'UTC')::date - 1 + interval '6 years')::date
    """,
    "An arrangement is about a period of who asked, open while its case is, and agreed if approved (R-PER-3).": """
        SELECT c.reference FROM journals_arrangement a JOIN reviews_reviewcase c ON c.id = a.case_id
        JOIN certifications_period p ON p.id = a.period_id
        WHERE p.person_id <> c.filed_by_id OR a.open <> (c.state NOT IN ('approved', 'denied', 'withdrawn'))
           OR (c.state = 'approved' AND a.agreed_shape = '') OR (c.state = 'denied' AND a.agreed_shape <> '')
    """,
    "What is agreed about a year lies in its period, and what is made up is so after the year (R-PER-3).": """
        SELECT c.reference FROM journals_arrangement a JOIN reviews_reviewcase c ON c.id = a.case_id
        JOIN certifications_period p ON p.id = a.period_id
        WHERE a.agreed_shape IN ('reduced', 'make-up') AND a.replaced_by_id IS NULL AND (
            p.starts_on + make_interval(years => a.year - 1) > p.ends_on
            OR a.agreed_day NOT BETWEEN p.starts_on + make_interval(years => a.year) - interval '1 day' AND p.ends_on)
    """,
    "An extension in force is the end of its period, unless a later act moved that (R-PER-3).": """
        SELECT c.reference FROM journals_arrangement a JOIN reviews_reviewcase c ON c.id = a.case_id
        JOIN certifications_period p ON p.id = a.period_id
        JOIN certifications_certification h ON h.id = p.certification_id
        WHERE a.agreed_shape = 'extension' AND a.replaced_by_id IS NULL AND a.agreed_day <> p.ends_on
          AND h.ended_as = ''
    """,
    "A renewal is of a period of who filed and signed it, and open while its case is (R-PER-7).": """
        SELECT c.reference FROM journals_renewal r JOIN reviews_reviewcase c ON c.id = r.case_id
        JOIN certifications_period p ON p.id = r.period_id
        WHERE p.person_id <> c.filed_by_id OR r.open <> (c.state NOT IN ('approved', 'denied', 'withdrawn'))
           OR NOT EXISTS (
               SELECT 1 FROM accounts_signature s WHERE s.about = c.reference AND s.person_id = c.filed_by_id)
    """,
    "A confirmed renewal opened a period of the same certification, on the day after the old end (R-PER-6).": """
        SELECT c.reference FROM journals_renewal r JOIN reviews_reviewcase c ON c.id = r.case_id
        JOIN certifications_period p ON p.id = r.period_id
        JOIN certifications_certification h ON h.id = p.certification_id
        LEFT JOIN certifications_period n ON n.id = r.opened_id
        WHERE (c.state <> 'approved' AND n.id IS NOT NULL)
           OR (c.state = 'approved' AND n.id IS NULL AND h.ended_as = '')
           OR (n.certification_id, n.starts_on) <> (p.certification_id, p.ends_on + 1)
    """,
    "No renewal is confirmed with a fee that is due, or audited without the proof (R-PER-7).": """
        SELECT c.reference FROM journals_renewal r JOIN reviews_reviewcase c ON c.id = r.case_id
        JOIN fees_bill b ON b.id = r.bill_id
        WHERE b.person_id <> c.filed_by_id OR r.opened_id IS NOT NULL AND (b.state = 'due' OR r.audited AND NOT EXISTS (
            SELECT 1 FROM reviews_inforequest q WHERE q.case_id = c.id AND q.answered))
    """,
    "A request brings no more than the most of a single event by its policy (R-CAP).": """
        SELECT c.reference FROM preapprovals_preapprovalrequest r JOIN reviews_reviewcase c ON c.id = r.case_id
        JOIN journals_policyrow p ON p.id = r.policy_row_id
        LEFT JOIN preapprovals_offering o ON o.request_id = r.case_id
        WHERE r.credits > p.event_cap OR o.credits > r.credits
    """,
}


def broken() -> Iterator[tuple[str, list[str]]]:
    """Yield (what must be true, up to five things that break it) for each check that fails."""
    with connection.cursor() as cursor:
        for sentence, query in CHECKS.items():
            cursor.execute(f"SELECT * FROM ({query}) AS found LIMIT 5")  # noqa: S608  (our own constants)
            found = [row[0] for row in cursor.fetchall()]
            if found:
                yield sentence, found
