class Refusal(Exception):
    """Something a service will not do. Its text is for the person: what is true now, then what to do.

    ``code`` is stable and for tests; it is never shown.
    """

    def __init__(self, code: str, sentence: str):
        super().__init__(sentence)
        self.code = code
