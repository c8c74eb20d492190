"""A client that others wrote can use the simulated Jellyfin."""

from collections.abc import Iterator
from uuid import UUID

import jellyfin.generated.api_10_11 as sdk
import pytest
from jellyfin.generated.api_10_11.exceptions import UnauthorizedException

from media_server_simulators.jellyfin import JellyfinSimulator
from media_server_simulators.server import serve_in_thread

WHO = 'Client="sdk", Device="test", DeviceId="sdk-test", Version="1.0"'


@pytest.fixture(scope="module")
def simulator() -> JellyfinSimulator:
    return JellyfinSimulator(version="10.11.11")


@pytest.fixture(scope="module")
def url(simulator: JellyfinSimulator) -> Iterator[str]:
    with serve_in_thread(simulator) as url:
        yield url


def client(url: str, credential: str) -> sdk.ApiClient:
    configuration = sdk.Configuration(
        host=url,
        api_key={"CustomAuthentication": credential},
        api_key_prefix={"CustomAuthentication": "MediaBrowser"},
    )
    return sdk.ApiClient(configuration)


@pytest.fixture
def by_key(url: str, simulator: JellyfinSimulator) -> sdk.ApiClient:
    return client(url, f'Token="{simulator.api_key}"')


def test_it_signs_in_and_asks_who_it_is(url: str, simulator: JellyfinSimulator) -> None:
    admin = simulator.admin
    body = sdk.AuthenticateUserByName(Username=admin.name, Pw=admin.password)
    # Its document asks for no credential here, so the SDK sends no header by itself.
    who = {"Authorization": f"MediaBrowser {WHO}"}
    users = sdk.UserApi(client(url, WHO))
    result = users.authenticate_user_by_name(body, _headers=who)
    signed_in = client(url, f'Token="{result.access_token}", {WHO}')
    assert sdk.UserApi(signed_in).get_current_user().name == admin.name


def test_it_reads_users_with_their_policies(
    by_key: sdk.ApiClient, simulator: JellyfinSimulator
) -> None:
    users = sdk.UserApi(by_key).get_users()
    assert {user.name for user in users} >= {simulator.admin.name}
    assert all(user.policy is not None for user in users)


def test_it_makes_a_user_and_chooses_his_libraries(by_key: sdk.ApiClient) -> None:
    users, libraries = sdk.UserApi(by_key), sdk.LibraryStructureApi(by_key)
    first = libraries.get_virtual_folders()[0]
    body = sdk.CreateUserByName(Name="made by sdk", Password="Guest-Passw0rd")
    made = users.create_user_by_name(body)
    policy = made.policy
    assert policy is not None
    assert made.id is not None
    policy.enable_all_folders, policy.enabled_folders = False, [UUID(first.item_id)]
    users.update_user_policy(made.id, policy)
    views = sdk.UserViewsApi(by_key).get_user_views(user_id=made.id)
    assert [view.name for view in views.items or []] == [first.name]


def test_it_reads_items(by_key: sdk.ApiClient) -> None:
    kinds = [sdk.BaseItemKind.MOVIE, sdk.BaseItemKind.EPISODE]
    page = sdk.ItemsApi(by_key).get_items(
        recursive=True,
        include_item_types=kinds,
        fields=[sdk.ItemFields.MEDIASOURCES, sdk.ItemFields.DATECREATED],
        limit=20,
    )
    items = page.items or []
    assert len(items) == 20
    assert all(source.size for item in items for source in item.media_sources or [])


def test_a_wrong_key_is_unauthorized(url: str) -> None:
    with pytest.raises(UnauthorizedException):
        sdk.UserApi(client(url, 'Token="wrong"')).get_users()
