"""The kinds of the policy side keep the contract of every kind."""

from tracker.testing.contract import KindContract


class TestOrganisation(KindContract):
    name = "organisation"


class TestProgramme(KindContract):
    name = "programme"


class TestPolicy(KindContract):
    name = "policy"


class TestPlatform(KindContract):
    name = "platform"


class TestZone(KindContract):
    name = "zone"


class TestInitiative(KindContract):
    name = "initiative"
