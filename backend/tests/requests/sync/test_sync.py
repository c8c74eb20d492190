"""What a sync reads, and what it leaves alone."""

from tests.requests.sync.conftest import REQUESTS, USERS, Desk


async def test_everything_is_read_and_an_unchanged_seerr_is_asked_three_times(
    desk: Desk,
) -> None:
    await desk.connect()
    found = await desk.synced()
    assert (found["request_count"], found["requester_count"]) == (REQUESTS, USERS)
    assert found["synced_at"] == found["full_synced_at"]
    assert not found["stale"]
    desk.asked()
    again = await desk.synced()
    assert desk.asked() == ["/request/count", "/request", "/user"]
    assert again["synced_at"] > found["synced_at"]
    assert again["request_count"] == REQUESTS
