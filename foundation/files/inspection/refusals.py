"""Why a file does not come in."""


class FileRefused(Exception):
    """A file that was not taken; the message tells its sender why, and what to do about it.

    `is_malware`: it carries what is known to do harm, which is written into the trail.
    """

    def __init__(self, message: str, *, is_malware: bool = False) -> None:
        super().__init__(message)
        self.is_malware = is_malware
