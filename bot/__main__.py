"""`python -m bot` is `xiaoer`."""

from bot.cli import main

main()
