"""What films and episodes offer, each distinct combination stored once.

    TitleLanguages       what the films or episodes of a title offer: a set of
      LeafLanguages      what a film or an episode offers, over all its copies
        LeafVersion      what one of its files offers, in which library

`titles.languages_id` and `media_items.languages_id` name a combination. A large library
has few of them, so a rule about languages reads these tables instead of the tracks.

Their ids follow from their contents (`combinations`), so that the same combination is
the same row whoever writes it. Rows that no title names any more are deleted when a
sync ends.
"""

from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from zondarr.core.models import Base, WorkspaceOwned


class TitleLanguages(WorkspaceOwned, Base):
    __tablename__ = "title_languages"
    cached: ClassVar = False

    id: Mapped[UUID] = mapped_column(primary_key=True)


class LeafLanguages(WorkspaceOwned, Base):
    """`special`: episodes of season 0. `original` is the title's original language in
    lower case, null if unknown.
    """

    __tablename__ = "leaf_languages"
    cached: ClassVar = False

    id: Mapped[UUID] = mapped_column(primary_key=True)
    special: Mapped[bool]
    original: Mapped[str | None] = mapped_column(String(100))


class TitleLeafLanguages(WorkspaceOwned, Base):
    __tablename__ = "title_leaf_languages"
    cached: ClassVar = False
    workspace_indexed: ClassVar = False
    __table_args__ = (Index(None, "leaf_languages_id"),)

    title_languages_id: Mapped[UUID] = mapped_column(
        ForeignKey("title_languages.id", ondelete="CASCADE"), primary_key=True
    )
    leaf_languages_id: Mapped[UUID] = mapped_column(
        ForeignKey("leaf_languages.id", ondelete="CASCADE"), primary_key=True
    )


class LeafVersion(WorkspaceOwned, Base):
    """`audio` and `subtitles` are all languages that the tracks meet, in lower case,
    as `|fr-ca|fr|`. Unknown: a track of that kind has no language that is known.
    """

    __tablename__ = "leaf_versions"
    cached: ClassVar = False
    workspace_indexed: ClassVar = False

    leaf_languages_id: Mapped[UUID] = mapped_column(
        ForeignKey("leaf_languages.id", ondelete="CASCADE"), primary_key=True
    )
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    library_id: Mapped[UUID]
    audio: Mapped[str] = mapped_column(Text)
    audio_unknown: Mapped[bool]
    subtitles: Mapped[str] = mapped_column(Text)
    subtitles_unknown: Mapped[bool]
