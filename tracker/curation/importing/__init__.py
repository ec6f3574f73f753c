"""Files into proposals and back: read, understood, checked, landed as one batch, reverted as one."""
