"""The mail server, seen from here: hands one message over and says in plain words how that went."""

import smtplib
import ssl
from dataclasses import dataclass

from django.core.mail import EmailMessage

# The server, or the way to it, is in trouble: the same letter may well go later. A refused login is the operator's to
# mend, and no reason to lose the letters that wait.
TRANSIENT = (
    smtplib.SMTPConnectError,
    smtplib.SMTPServerDisconnected,
    smtplib.SMTPHeloError,
    smtplib.SMTPAuthenticationError,
    ConnectionError,
    TimeoutError,
    ssl.SSLError,
)


@dataclass(frozen=True)
class Outcome:
    is_sent: bool
    is_transient: bool = False
    why: str = ""


def hand_over(message: EmailMessage) -> Outcome:
    """Send the message through the mail server of the settings. What is not about mail is raised."""
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        (code, text), *_ = error.recipients.values()
        return _refused(code, text)
    except TRANSIENT as error:
        return Outcome(is_sent=False, is_transient=True, why=_words(error))
    except smtplib.SMTPResponseException as error:
        return _refused(error.smtp_code, error.smtp_error)
    except smtplib.SMTPException as error:
        return Outcome(is_sent=False, why=_words(error))
    except OSError as error:  # No such name, no route. SMTPException is an OSError too, so this comes last.
        return Outcome(is_sent=False, is_transient=True, why=_words(error))
    return Outcome(is_sent=True)


def _refused(code: int, text: bytes | str) -> Outcome:
    """A reply of the server: 4xx means later, 5xx never (RFC 5321, 4.2.1)."""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return Outcome(is_sent=False, is_transient=400 <= code < 500, why=f"{code} {said}")


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
