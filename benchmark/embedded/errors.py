"""What can go wrong with an engine, in one sentence for the person in front of it."""


class EngineError(Exception):
    """An engine cannot be started or joined; the message says what to do."""
