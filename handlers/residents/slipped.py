"""A live one-time code in a private message: used as a code, and read by nobody else."""

import unicodedata

from msgspec.structs import replace

from handlers import fold
from handlers.context import Context
from handlers.message import Message, Reply
from handlers.residents import binding, rules, texts

BESIDE_AT_MOST = 16
"""Characters beside a code that only say that it is one; whoever writes more has a matter too."""


def hide(message: Message, context: Context) -> Message:
    """Return the message without live codes: whoever reads one in time can use it."""
    live = [given for given in rules.like_codes(message.text) if _is_live(given, context)]
    text = unicodedata.normalize("NFKC", message.text) if live else message.text
    for given in live:
        text = text.replace(given, texts.CODE_HIDDEN)
    return replace(message, text=text)


def use(message: Message, context: Context) -> list[Reply] | None:
    """Bind by the code that is all the message says, whoever has the talk; None for all else."""
    if message.is_edit or message.pressed is not None:
        return None
    named = fold.found(texts.BIND, message.text) or {}
    given = named.get("code") or _only_code(message.text, context)
    return binding.by_code(given, message, context) if given else None


def _only_code(text: str, context: Context) -> str | None:
    words = rules.like_codes(text)
    if len(words) != 1 or len(text) - len(words[0]) > BESIDE_AT_MOST:
        return None
    return words[0] if _is_live(words[0], context) else None


def _is_live(given: str, context: Context) -> bool:
    code = context.tx.codes.find(given)
    if code is None or code.purpose not in binding.SECRET:
        return False
    return code.used_at is None and code.expires_at > context.now
