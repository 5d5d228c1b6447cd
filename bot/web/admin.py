"""The administrators' page: how each channel is, what waits; by a one-time link from chat."""

import secrets
from datetime import timedelta

from jinja2 import Environment
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.health import looking
from bot.web import door, texts
from bot.web.parts import Parts, parts_of
from storage.transaction import Transaction
from storage.words import CodePurpose, RoleWord

LASTS = timedelta(hours=1)
KEY_AT_MOST = 64
FORM_BYTES = 1024


def routes(pages: Environment) -> list[Route]:
    """Return the routes of the page."""
    template = pages.get_template("admin.html")

    async def page(request: Request) -> Response:
        parts = parts_of(request)
        key = request.query_params.get("key", "")
        if key:
            # Programs that preview links fetch them: only a pressed button uses the link up.
            return HTMLResponse(
                template.render(street=parts.street, key=key[:KEY_AT_MOST], lines=[])
            )
        token = request.cookies.get(_cookie(parts), "")
        lines = await parts.store.run(lambda tx: _seen_by(tx, token))
        if lines is None:
            return HTMLResponse(
                template.render(street=parts.street, key="", lines=[]), status_code=401
            )
        return HTMLResponse(template.render(street=parts.street, key="", lines=lines))

    return [
        Route("/admin", page, methods=["GET"]),
        Route("/admin/enter", enter, methods=["POST"]),
        Route("/admin/leave", leave, methods=["POST"]),
    ]


async def enter(request: Request) -> Response:
    """Use the link up and open a session."""
    parts = parts_of(request)
    door.from_this_page(request)
    form = await door.limited(request, FORM_BYTES, texts.TOO_LARGE_TEXT).form()
    key, token = str(form.get("key", "")), secrets.token_urlsafe(32)
    if not await parts.store.run(lambda tx: _open(tx, key, token)):
        raise HTTPException(403, texts.LINK_OVER)
    response = RedirectResponse("/admin", status_code=303)
    response.set_cookie(
        _cookie(parts),
        token,
        max_age=int(LASTS.total_seconds()),
        path="/",
        secure=parts.secure,
        httponly=True,
        samesite="strict",
    )
    return response


async def leave(request: Request) -> Response:
    """End the session."""
    parts = parts_of(request)
    door.from_this_page(request)
    token = request.cookies.get(_cookie(parts), "")
    await parts.store.run(lambda tx: _close(tx, token))
    response = RedirectResponse("/admin", status_code=303)
    response.delete_cookie(_cookie(parts), path="/", httponly=True, samesite="strict")
    return response


def _cookie(parts: Parts) -> str:
    return "__Host-xiaoer-admin" if parts.secure else "xiaoer-admin"


def _open(tx: Transaction, key: str, token: str) -> bool:
    code = tx.codes.find(key)
    if code is None or code.purpose is not CodePurpose.ADMIN_LINK or code.subject_id is None:
        return False
    if not _is_admin(tx, code.subject_id) or not tx.codes.use(key, code.subject_id):
        return False
    tx.codes.make(token, CodePurpose.ADMIN_SESSION, tx.now + LASTS, subject_id=code.subject_id)
    return True


def _close(tx: Transaction, token: str) -> None:
    code = tx.codes.find(token)
    if code is not None and code.purpose is CodePurpose.ADMIN_SESSION and code.subject_id:
        tx.codes.use(token, code.subject_id)


def _seen_by(tx: Transaction, token: str) -> list[looking.Line] | None:
    """Return what there is to see; None for whoever is, or is no longer, no administrator."""
    code = tx.codes.find(token) if token else None
    if code is None or code.purpose is not CodePurpose.ADMIN_SESSION:
        return None
    over = code.used_at is not None or code.expires_at <= tx.now
    if over or code.subject_id is None or not _is_admin(tx, code.subject_id):
        return None
    return looking.look(tx)


def _is_admin(tx: Transaction, resident_id: int) -> bool:
    return any(role.role is RoleWord.ADMIN for role in tx.residents.roles(resident_id))
