"""What cannot be kept, and why."""


class Unusable(ValueError):
    """A picture that cannot be shown; the words say why, in a sentence."""
