"""The command line. Only names and help stand here: each command imports what it needs."""

import io
import sys

import typer

from bot.commands import (
    admin,
    ask,
    chat,
    check,
    eval_,
    import_,
    knowledge,
    law,
    migrate,
    move,
    run,
    script,
    texts,
    wechat,
)

app = typer.Typer(
    name="xiaoer",
    help=texts.HELP,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("run", help=texts.RUN)(run.run)
app.command("check", help=texts.CHECK)(check.check)
app.command("migrate", help=texts.MIGRATE)(migrate.migrate)
app.command("move", help=texts.MOVE)(move.move)
app.command("import", help=texts.IMPORT)(import_.import_)
app.command("chat", help=texts.CHAT)(chat.chat)
app.command("ask", help=texts.ASK)(ask.ask)
app.command("eval", help=texts.EVAL)(eval_.evaluate)
app.command("script", help=texts.SCRIPT)(script.script)
app.add_typer(admin.app, name="admin", help=texts.ADMIN)
app.add_typer(law.app, name="law", help=texts.LAW)
app.add_typer(knowledge.app, name="knowledge", help=texts.KNOWLEDGE)
app.add_typer(wechat.app, name="wechat", help=texts.WECHAT)


def main() -> None:
    """Run the command that was typed."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal set to another language must not end a command in the middle of a sentence.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    app(prog_name="xiaoer")
