"""`zondarr env-example`: the file `.env.example`, from the settings themselves."""

from textwrap import wrap

import click

from zondarr.config import Variable, variables

_HEAD = """\
# The settings of Zondarr. Copy this file to `.env` and change what you need; a line
# that begins with `#` is not read. docs/operations.md explains each setting.
"""
_SET = "SECRET_KEY_FILE"
"""Needed in any case; the others are comments that show an example."""


@click.command("env-example")
def env_example() -> None:
    """Print every setting with its meaning, as an example of an `.env` file."""
    click.echo(example_file(), nl=False)


def example_file() -> str:
    return "\n".join((_HEAD, *(_paragraph(each) for each in variables())))


def _paragraph(variable: Variable) -> str:
    about = "\n".join(
        wrap(variable.about, 88, initial_indent="# ", subsequent_indent="# ")
    )
    mark = "" if variable.name == _SET else "#"
    return f"{about}\n{mark}{variable.name}={variable.example}\n"
