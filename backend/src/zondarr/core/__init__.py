"""The lowest layer, used by every feature. It imports none of them."""
