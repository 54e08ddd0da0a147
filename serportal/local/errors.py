"""What goes wrong is told in sentences, at the terminal, without a traceback."""

import errno


class Refused(Exception):
    """A sentence: what is true, then what to do."""


def sentence(error: OSError) -> str:
    """An error of the operating system, for the person at the terminal."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full. Free some space and run the same command again."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{error.filename} cannot be written by this user. Give it write access or use another folder."
    return f"The operating system refused: {error}."
