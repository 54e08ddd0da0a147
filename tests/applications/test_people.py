"""R-APP-6, RELIABILITY C9: the same person is found under another spelling, and two people stay two."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import rules

NAMES = [
    ("Amara Okafor", "amara  OKAFOR", True),
    ("Amara Okafor", "Okafor, Amara", True),
    ("Dr. Søren Åkesson", "Soren Akesson", True),
    ("José María Peña", "Jose Maria Pena", True),
    ("Prof. Łukasz O’Neill", "Lukasz ONeill", True),
    ("Nguyễn Thị Minh", "Nguyen Thi Minh", True),
    ("Jean-Luc Martin", "Jean Luc Martin", True),
    ("Amara Okafor", "Amara Okoro", False),
    ("Amara Okafor", "Amara", False),
    ("李娜", "王伟", False),
]
ADDRESSES = [
    ("amara@example.org", "AMARA@Example.ORG", True),
    ("amara.okafor@example.org", "amaraokafor@example.org", True),
    ("amara+ser@example.org", "amara@example.org", True),
    ("a.mara+x+y@googlemail.com", "amara@gmail.com", True),
    ("josé@example.org", "jose@example.org", True),
    ("amara@bücher.example", "amara@xn--bcher-kva.example", True),
    ("amara@example.org", "amara@example.net", False),
    ("amara@example.org", "amara2@example.org", False),
    ("+ser@example.org", "+other@example.org", False),
]


@pytest.mark.parametrize(("one", "other", "same"), NAMES)
def test_names_fold(one, other, same):
    assert (rules.name_key(one) == rules.name_key(other)) is same


@pytest.mark.parametrize(("one", "other", "same"), ADDRESSES)
def test_addresses_fold(one, other, same):
    assert (rules.email_key(one) == rules.email_key(other)) is same


@given(st.text(max_size=300))
def test_a_folded_name_folds_to_itself_and_fits_its_column(name):
    key = rules.name_key(name)
    assert len(key) <= 200 and (rules.name_key(key) == key or len(key) == 200)


LOCAL = st.text(string.ascii_letters + string.digits, min_size=1, max_size=20)


@given(LOCAL, LOCAL, LOCAL)
def test_case_dots_and_tags_never_part_a_person_from_themselves(local, tag, domain):
    address = f"{local}@{domain}.example"
    for other in (address.upper(), f"{'.'.join(local)}@{domain}.example", f"{local}+{tag}@{domain}.example"):
        assert rules.email_key(other) == rules.email_key(address)


@given(st.permutations(["Maria", "do", "Carmo", "Silva"]))
def test_the_order_of_names_makes_nobody_else(words):
    assert rules.name_key(" ".join(words)) == rules.name_key("Maria do Carmo Silva")


def test_likenesses_name_the_stronger_sign_and_the_earlier_referee():
    applicant = rules.known("Amara Okafor", "amara@home.example", "a.okafor@work.example")
    referees = [
        (1, rules.known("Wanjiru Kamau", "wanjiru@trust.example")),
        (2, rules.known("Kamau Wanjiru", "other@trust.example")),
        (3, rules.known("Somebody Else", "aokafor+ref@work.example")),
        (4, rules.known("Nobody Known", "nobody@trust.example")),
    ]
    assert rules.likenesses(applicant, referees) == [("name", 2, 1), ("address", 3, None)]
