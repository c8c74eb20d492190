"""The connection is removed while its requests are read and written."""

import asyncio
from contextlib import suppress

import pytest
from tests.requests.sync.conftest import SEERR, Desk


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_connection_can_be_removed_whatever_is_being_written(
    desk: Desk,
) -> None:
    """The sync of requests, that of the catalogue, which looks for their titles, and an
    operator's action on one of them. SQLite has one writer, so this cannot happen."""
    await desk.add_jellyfin()
    for moment in range(8):
        await desk.connect()
        await desk.sync(full=True)
        rows = (await desk.ask("GET", "/requests?limit=50"))["items"]
        offered = [row["id"] for row in rows if "retry" in row["actions"]]
        users = (await desk.get("/users"))["items"]
        started = await desk.browser.post(f"/api/v1{SEERR}/sync", params={"full": True})
        catalogue = await desk.browser.post("/api/v1/catalogue/sync", json={})
        busy = [
            desk.browser.post(f"/api/v1/requests/{id}/retry")
            for id in offered[:3]  # noqa: A001
        ]
        busy += [
            desk.browser.patch(
                f"/api/v1{SEERR}/users/{user['id']}", json={"identity_id": None}
            )
            for user in users[:5]
        ]
        tasks = [asyncio.ensure_future(each) for each in busy]
        await asyncio.sleep(moment * 0.02)
        await desk.ask("DELETE", status=204)
        for answer in await asyncio.gather(*tasks):
            assert answer.status_code < 500, answer.text
        for run in (started, catalogue):
            with suppress(KeyError):
                ended = await desk.ended(run.json()["run_id"])
                assert ended["error_code"] != "internal_error", ended
