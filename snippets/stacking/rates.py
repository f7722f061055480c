"""A module beside the notebook, as a project has below src/."""


def fee() -> float:
    """What each sum has on top."""
    return 1.0
