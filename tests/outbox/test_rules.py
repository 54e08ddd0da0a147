from datetime import timedelta

import pytest

from serportal.outbox import rules


def test_a_template_is_filled_and_nothing_in_it_runs():
    text = "Dear {name}, {{7*7}} {0.__class__} {% now %} %s ${jndi:ldap} {name.__class__}"
    assert rules.fill(text, {"name": "Nguyễn {due}"}) == text.replace("{name}", "Nguyễn {due}")


def test_a_placeholder_without_a_value_is_an_error():
    with pytest.raises(KeyError):
        rules.fill("By {due}", {"name": "x"})


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 2), (5, 16), (30, 360)])
def test_the_pause_doubles_up_to_six_hours(attempts, minutes):
    assert rules.pause_after(attempts) == timedelta(minutes=minutes)
