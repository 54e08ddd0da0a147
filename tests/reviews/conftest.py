import pytest

from tests import factories


@pytest.fixture
def ruth():
    return factories.coordinator(name="Ruth")


@pytest.fixture
def committee():
    return [factories.member() for _ in range(4)]
