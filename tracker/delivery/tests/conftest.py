from tracker.delivery.snapshots.tests.conftest import founding_snapshot

__all__ = ["founding_snapshot"]
