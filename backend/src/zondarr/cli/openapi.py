"""`zondarr openapi`: the OpenAPI document, for the UI's types and for comparisons."""

from pathlib import Path

import click
import msgspec

from zondarr.config import Settings


@click.command()
def openapi() -> None:
    """Print the OpenAPI document. Needs no configuration and opens nothing."""
    from zondarr.api.application import build_litestar  # noqa: PLC0415 — slow
    from zondarr.api.docs.contract import contract  # noqa: PLC0415
    from zondarr.api.metrics import Metrics  # noqa: PLC0415
    from zondarr.container import Container  # noqa: PLC0415

    nowhere = Settings(
        secret_key="no secret is needed to describe an interface",  # noqa: S106
        data_dir=Path("nowhere"),
        database_url="sqlite+aiosqlite:///nowhere/zondarr.db",
    )
    document = contract(build_litestar(Container.build(nowhere), Metrics()))
    text = msgspec.json.format(msgspec.json.encode(document, order="sorted"), indent=2)
    click.echo(text.decode())
