import pytest

from serportal.ui.text import seen, without_addresses


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Nguyễn Thị Minh Khai", "Nguyễn Thị Minh Khai"),
        ("J.R.R. Tolkien", "J.R.R. Tolkien"),
        ("St.John O’Neill-Ó Súilleabháin", "St. John O’Neill-Ó Súilleabháin"),
        ("می‌خواهم", "می‌خواهم"),
        ("Workshop @ Wadden, v2.5: soils and/or water", "Workshop @ Wadden, v2.5: soils and/or water"),
        ("Restore http://evil.example/a now", "Restore … now"),
        ("ftp://x www.evil.example", "… …"),
        ("a.b@c.example", "…"),
        ("evil.example", "evil. example"),
        ("two\r\nlines\u2028three\u0085four", "two lines three four"),
        ("turned\u202e\u2066 round\ufeff", "turned round"),
    ],
)
def test_own_words_hold_no_address(typed, written):
    assert without_addresses(typed) == written


def test_what_cannot_be_seen_goes_and_lines_stay():
    assert seen("One\r\n\r\ntwo\x00\u202e\tthree") == "One\n\ntwo\tthree"
