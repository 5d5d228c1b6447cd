"""A person says what they do not want to hear of, and what they want to hear of again."""

from handlers.context import Context
from handlers.message import Choice, Message, Reply
from handlers.outreach import texts
from storage.words import Interest


def stop(message: Message, context: Context) -> list[Reply]:
    """Send no more of one kind of messages; asks which kind where none was named."""
    named = _named(context)
    if named == ALL:
        for each in Interest:
            context.tx.opt_outs.stop(context.resident.id, each)
        return [Reply(texts.STOPPED_ALL)]
    if isinstance(named, Interest):
        context.tx.opt_outs.stop(context.resident.id, named)
        return [Reply(texts.stopped(named))]
    choices = [Choice(texts.label(each), f"outreach.stop:{each}") for each in Interest]
    return [Reply(texts.ASK_STOP, tuple(choices))]


def resume(message: Message, context: Context) -> list[Reply]:
    """Send one kind of messages again; asks which kind where several were stopped."""
    named, mine = _named(context), _stopped(context)
    if not mine:
        return [Reply(texts.NOTHING_STOPPED)]
    if named == ALL or (named is None and len(mine) == 1):
        return [Reply(texts.resumed(context.tx.opt_outs.resume(context.resident.id, None)))]
    if isinstance(named, Interest):
        context.tx.opt_outs.resume(context.resident.id, named)
        return [Reply(texts.resumed([named]))]
    choices = [Choice(texts.label(each), f"outreach.resume:{each}") for each in mine]
    everything = Choice(texts.RESUME_ALL_LABEL, f"outreach.resume:{ALL}")
    return [Reply(texts.ASK_RESUME, (*choices, everything))]


def mine(message: Message, context: Context) -> list[Reply]:
    """Show what the person hears of, and where it is sent."""
    gone = set(_stopped(context))
    lines = [texts.mine_line(each, is_stopped=each in gone) for each in Interest]
    contact = context.tx.contacts.of([context.resident.id])[context.resident.id]
    channels = [
        texts.CHANNEL_NAMES.get(address.channel, address.channel)
        for address in contact.addresses
        if address.unreachable_since is None
    ]
    return [Reply(texts.mine(lines, list(dict.fromkeys(channels))))]


ALL = "all"


def _named(context: Context) -> Interest | str | None:
    """Return the kind of messages that was named, or ALL, or None."""
    if context.argument:
        return ALL if context.argument == ALL else Interest(context.argument)
    what = context.words.get("what")
    if what is None:
        return None
    return ALL if what in texts.ALL else texts.ALIASES[what]


def _stopped(context: Context) -> list[Interest]:
    gone = context.tx.opt_outs.of([context.resident.id])
    return [each for each in Interest if (context.resident.id, each) in gone]
