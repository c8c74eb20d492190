"""What an action on a request does, said before it is done."""

from zondarr.requests.action_schemas import Consequence
from zondarr.requests.schemas import RequestAction, RequestResponse


def consequences_of(
    action: RequestAction, request: RequestResponse, product: str
) -> list[Consequence]:
    named = _named(request)
    asker = request.requester.name if request.requester else "Whoever requested it"
    found = {
        RequestAction.APPROVE: [
            (
                "approved",
                f"{product} marks the request for {named} as approved, and passes it"
                " on to its download service if it has one.",
            ),
            ("notified", f"{asker} is notified, if {product} does that."),
        ],
        RequestAction.DECLINE: [
            (
                "declined",
                f"{product} marks the request for {named} as declined. It can be"
                " approved again.",
            ),
            ("files_stay", "Files that are here stay."),
            ("notified", f"{asker} is notified, if {product} does that."),
        ],
        RequestAction.RETRY: [
            (
                "passed_on",
                f"{product} marks the request for {named} as approved, and passes it"
                " on to its download service once more.",
            ),
        ],
        RequestAction.DELETE: [
            (
                "deleted",
                f"{product} forgets the request for {named}. That cannot be undone;"
                f" {asker} can request it again.",
            ),
            ("files_stay", "The title, its files and other requests for it stay."),
        ],
    }[action]
    return [Consequence(code=code, sentence=text) for code, text in found]


def _named(request: RequestResponse) -> str:
    name = request.title.name or f"the title {request.title.tmdb or 'without an id'}"
    parts = [name]
    if request.seasons:
        numbers = ", ".join(str(each.number) for each in request.seasons)
        seasons = "season" if len(request.seasons) == 1 else "seasons"
        parts.append(f"{seasons} {numbers}")
    if request.is_4k:
        parts.append("in 4K")
    return ", ".join(parts)
