"""The door that these tests go through."""

import pytest

from resolvers.context import Services
from tests.session.door import Door


@pytest.fixture
def door(services: Services) -> Door:
    return Door(services)
