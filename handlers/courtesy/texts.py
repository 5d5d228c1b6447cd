"""The small words in English, and what is said to them: short, with the way to go on."""

import re

HELLO = re.compile(
    r"(?:hello|hi|hey|good (?:morning|afternoon|evening))(?: there)?(?:[ ,!.]*xiao ?er)?"
    r"|(?:what can you do|who are you|are you (?:a )?(?:ro)?bot|(?:do|can) you speak english|english)"
)
THANKS = re.compile(
    r"(?:(?:hello|hi|ok(?:ay)?|great|good|fine|no)[ ,!.]*)*(?:many )?(?:thanks|thank (?:you|u)|thx)"
    r"(?: (?:a lot|so much|very much|again))?(?:[ ,!.]*(?:xiao ?er|(?:good ?)?bye))*"
)
BYE = re.compile(r"(?:good ?)?bye(?:[ -]?bye)?|see you(?: later)?|good night")

HELLO_ANSWER = (
    "Hello! I am Xiaoer, the street's automatic assistant. Reply with a number: 1 report a repair, "
    "2 my reports, 3 my points, 4 volunteer shifts, 9 a person.\n"
    "您好，我是小二（自动助手），用中文直接说事也行。"
)
HELLO_IN_GROUP = (
    "Hello! I am Xiaoer, the street's automatic assistant. Ask me here about property rules, "
    "or message me in private to report a repair."
)
LISTENING = "Hello! I am listening.（您好，我在听。）"
THANKS_ANSWER = "You are welcome. Reply 9 for a person.（不客气，有事随时说。）"
BYE_ANSWER = "Goodbye. Write to me any time.（再见，有事随时说。）"
