"""The address for links: does Zondarr respond there?"""

import httpx2
import msgspec

from zondarr.config import Settings
from zondarr.core.http import outgoing_client
from zondarr.doctor.finding import Finding

ABOUT = "address"
LIVE = "/health/live"
TIMEOUT = 10.0


async def check(settings: Settings) -> Finding:
    url = settings.base_url
    if url is None:
        return Finding.note(
            ABOUT,
            "ZONDARR_BASE_URL is not set: links have the address of whoever asks.",
            "Set it to the address that your guests open.",
        )
    why = await _why_not(url, settings)
    if why is not None:
        return Finding.trouble(
            ABOUT,
            f"{url}{LIVE}: {why}",
            "Is Zondarr running, and does the reverse proxy lead there? Otherwise"
            " correct ZONDARR_BASE_URL.",
        )
    if url.startswith("https://") and not settings.trusted_proxies:
        return Finding.note(
            ABOUT,
            f"{url} responds, and no reverse proxy is trusted.",
            "Set ZONDARR_TRUSTED_PROXIES to its address: without it all visitors"
            " share one limit of attempts.",
        )
    return Finding.ok(ABOUT, f"{url} responds.")


async def _why_not(url: str, settings: Settings) -> str | None:
    client = outgoing_client(allow_private=True, ca_file=settings.ca_file)
    try:
        async with client:
            response = await client.get(f"{url}{LIVE}", timeout=TIMEOUT)
    except httpx2.TimeoutException:
        return "no response in time."
    except (httpx2.HTTPError, OSError) as error:
        return f"{type(error).__name__}."
    if not _is_ours(response):
        return f"something else responds there (status {response.status_code})."
    return None


def _is_ours(response: httpx2.Response) -> bool:
    try:
        return msgspec.json.decode(response.content) == {"status": "healthy"}
    except msgspec.DecodeError:
        return False
