"""The combinations of languages that do not meet the demands of a policy.

They are evaluated instead of the titles: there are few of them (see
`catalogue.languages.models`). Each subquery names its workspace, so that it can stand
in any statement.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, literal, or_, select

from zondarr.catalogue.languages import ORIGINAL, SILENT
from zondarr.catalogue.languages.models import (
    LeafLanguages,
    LeafVersion,
    TitleLeafLanguages,
)
from zondarr.catalogue.models import Title
from zondarr.core.database import Session
from zondarr.insights.languages import Demand, Demands
from zondarr.insights.policy import Policy
from zondarr.media.catalogue import TrackKind

type Leaves = Select[UUID]


def failing_leaves(demands: Demands, policy: Policy, workspace_id: UUID) -> Leaves:
    """What films and episodes offer that lack a required language."""
    return _leaves(policy, workspace_id).where(_fails(demands, policy, workspace_id))


def unclear_leaves(demands: Demands, policy: Policy, workspace_id: UUID) -> Leaves:
    """Those that may lack one: the language of a track is unknown."""
    return _leaves(policy, workspace_id).where(
        ~_fails(demands, policy, workspace_id),
        ~_succeeds(demands, policy, workspace_id),
    )


def titles_with(
    leaves: Leaves, workspace_id: UUID, *, without: Leaves | None = None
) -> Select[UUID]:
    """The combinations of titles in which one of these is, and none of the others."""
    named = TitleLeafLanguages.title_languages_id
    rows = select(named).where(
        TitleLeafLanguages.workspace_id == workspace_id,
        TitleLeafLanguages.leaf_languages_id.in_(leaves),
    )
    if without is None:
        return rows
    return rows.where(named.not_in(titles_with(without, workspace_id)))


async def has_unread(session: Session) -> bool:
    """Whether languages of some titles were never worked out, as those that an earlier
    version stored."""
    rows = select(Title.id).where(Title.listed, Title.languages_id.is_(None))
    # In the order of the index that knows, so that SQLite takes no other.
    rows = rows.order_by(Title.languages_id, Title.added_at).limit(1)
    return await session.scalar(rows) is not None


def _leaves(policy: Policy, workspace_id: UUID) -> Leaves:
    rows = select(LeafLanguages.id).where(LeafLanguages.workspace_id == workspace_id)
    return rows if policy.specials else rows.where(~LeafLanguages.special)


def _fails(demands: Demands, policy: Policy, workspace_id: UUID) -> ColumnElement[bool]:
    possible = _all_met(demands, known=False)
    if policy.strict:
        return _has_version(~possible, workspace_id)
    return ~_has_version(possible, workspace_id)


def _succeeds(
    demands: Demands, policy: Policy, workspace_id: UUID
) -> ColumnElement[bool]:
    met = _all_met(demands, known=True)
    if policy.strict:
        return ~_has_version(~met, workspace_id)
    return _has_version(met, workspace_id)


def _has_version(
    condition: ColumnElement[bool], workspace_id: UUID
) -> ColumnElement[bool]:
    return exists().where(
        LeafVersion.leaf_languages_id == LeafLanguages.id,
        LeafVersion.workspace_id == workspace_id,
        condition,
    )


def _all_met(demands: Demands, *, known: bool) -> ColumnElement[bool]:
    """A version has all languages that are required in its library; or, not `known`,
    may have them."""
    elsewhere = LeafVersion.library_id.not_in(demands.by_library)
    return or_(
        and_(elsewhere, _each(demands.usual, known=known)),
        *(
            and_(LeafVersion.library_id == library, _each(required, known=known))
            for library, required in demands.by_library.items()
        ),
    )


def _each(demands: Iterable[Demand], *, known: bool) -> ColumnElement[bool]:
    return and_(literal(True), *(_met(each, known=known) for each in demands))


def _met(demand: Demand, *, known: bool) -> ColumnElement[bool]:
    audio = demand.kind is TrackKind.AUDIO
    offered = LeafVersion.audio if audio else LeafVersion.subtitles
    met = offered.like(f"%|{demand.language.lower()}|%")
    unclear: ColumnElement[bool] = false()
    if demand.language == ORIGINAL:
        original = LeafLanguages.original
        is_original = offered.like(literal("%|").concat(original).concat("|%"))
        met = or_(met, and_(original.is_not(None), is_original))
        unclear = and_(original.is_(None), offered != "")
    if audio:
        met = or_(met, offered.like(f"%|{SILENT}|%"))
    if known:
        return met
    unknown = LeafVersion.audio_unknown if audio else LeafVersion.subtitles_unknown
    return or_(met, unclear, unknown)
