"""Whether the addresses of sources still lead to what was read there."""
