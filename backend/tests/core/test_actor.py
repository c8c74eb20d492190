from uuid import uuid7

from zondarr.core.actor import Actor

HERE = uuid7()


def test_a_label_names_who_it_was_without_personal_data() -> None:
    account, token, guest = uuid7(), uuid7(), uuid7()
    named = {
        Actor.account(account, workspace_id=HERE, name="ada@example.org"): account,
        Actor.token(token, workspace_id=HERE, name="Ada's phone"): token,
        Actor.guest(guest, workspace_id=HERE, name="ada"): guest,
    }
    for actor, key in named.items():
        assert actor.label == f"{actor.kind}:{key}"
        assert "ada" not in f"{actor.label} {actor!r}".lower()
    assert Actor.job("end_access", workspace_id=HERE).label == "job:end_access"
    assert Actor.guest(workspace_id=HERE).label == "guest"


def test_only_an_account_is_written_where_a_column_refers_to_accounts() -> None:
    key = uuid7()
    assert Actor.account(key, workspace_id=HERE).account_id == key
    assert Actor.token(key, workspace_id=HERE).account_id is None
    assert Actor.job("sync", workspace_id=HERE).account_id is None
