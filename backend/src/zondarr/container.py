"""Builds the services; the only module that knows all of them."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, partial
from typing import Self
from uuid import UUID

from zondarr.accounts.passwords import Passwords
from zondarr.accounts.service import AccountService
from zondarr.accounts.sessions import Sessions
from zondarr.accounts.setup import SetUp, setup_link
from zondarr.catalogue.daily import DailySync
from zondarr.catalogue.growth import GrowthService
from zondarr.catalogue.hooks import CatalogueHooks
from zondarr.catalogue.posters import PosterService
from zondarr.catalogue.removal import forget_catalogue
from zondarr.catalogue.schemas import TitleRequest
from zondarr.catalogue.service import CatalogueService
from zondarr.catalogue.settings import CATALOGUE_SETTINGS
from zondarr.catalogue.sync_workflow import CatalogueSyncs
from zondarr.config import Settings
from zondarr.core.actor import Actor
from zondarr.core.crypto import Keyring
from zondarr.core.database import Database, Session, UnitOfWork
from zondarr.core.database.cache import AtRevision, UntilWrite
from zondarr.core.durable import Durable, Timing
from zondarr.core.models import Base
from zondarr.core.sealing import require_keys
from zondarr.insights.export import InsightExport
from zondarr.insights.policy import POLICY_SETTINGS, Policy
from zondarr.insights.service import InsightService
from zondarr.insights.stuck.export import StuckExport
from zondarr.insights.stuck.service import StuckService
from zondarr.insights.summary import SummaryService
from zondarr.invitations.acceptance_poll import AcceptancePoll
from zondarr.invitations.impact import (
    EndRedemptions,
    impact_on_invitations,
    impact_on_redemptions,
    leftovers_on_server,
)
from zondarr.invitations.join import JoinService
from zondarr.invitations.leftovers import Leftovers
from zondarr.invitations.provisioning import Provisioner
from zondarr.invitations.redemption import RedemptionFlow
from zondarr.invitations.redemption_service import RedemptionService
from zondarr.invitations.retry.job import RetryJob
from zondarr.invitations.service import InvitationService
from zondarr.media.clients import register_clients
from zondarr.media.connections import ClientOptions
from zondarr.media.registry import ClientRegistry
from zondarr.plex_accounts.device import device_id
from zondarr.plex_accounts.linking import PlexLinking
from zondarr.plex_accounts.service import PlexSignInService
from zondarr.protections.of_requests import protections_of_requests
from zondarr.protections.presets import LanguagePolicy
from zondarr.protections.service import ProtectionService
from zondarr.requests.actions import RequestActions
from zondarr.requests.connection.service import SeerrService
from zondarr.requests.export import RequestExport
from zondarr.requests.people import PeopleRequestService
from zondarr.requests.policy import REQUEST_SETTINGS
from zondarr.requests.service import RequestService
from zondarr.requests.settings import SEERR_SETTINGS
from zondarr.requests.sync.workflow import RequestSyncs
from zondarr.servers.connections import Connections
from zondarr.servers.health_checks import ServerHealthChecks
from zondarr.servers.hooks import ServerHooks
from zondarr.servers.repository import added_machine_ids
from zondarr.servers.service import MediaServerService
from zondarr.servers.sync_workflow import SyncWorkflow
from zondarr.settings.service import SettingService
from zondarr.users.actions import PeopleActions
from zondarr.users.expiry import AccessEnd
from zondarr.users.impact import impact_on_accounts, impact_on_people
from zondarr.users.reconcile import mark_all_missing, reconcile_accounts
from zondarr.users.service import PAGES_KEPT, PeoplePages, PeopleService

SUMS_KEPT, SUMS_KEPT_FOR = 500, timedelta(minutes=5)
"""Sums over titles; those of insights also depend on the time."""
REQUEST_LISTS_KEPT = 20
"""Lists of requests with their states: each has all of a workspace."""

IMPACT_PROVIDERS = (
    impact_on_accounts,
    impact_on_people,
    impact_on_invitations,
    impact_on_redemptions,
    leftovers_on_server,
)
"""The impact of removing a server, one function per feature."""
DEFAULT_LANGUAGES = LanguagePolicy(audio=Policy().audio, subtitles=Policy().subtitles)


SETTINGS = (*CATALOGUE_SETTINGS, *SEERR_SETTINGS, *POLICY_SETTINGS, *REQUEST_SETTINGS)
"""The settings of a workspace, declared by the features that use them."""


@dataclass(frozen=True, kw_only=True)
class Container:
    """The objects that live as long as the process."""

    settings: Settings
    database: Database
    keyring: Keyring
    passwords: Passwords
    registry: ClientRegistry
    durable: Durable

    @classmethod
    def build(
        cls,
        settings: Settings,
        *,
        database: Database | None = None,
        passwords: Passwords | None = None,
        timing: Timing | None = None,
    ) -> Self:
        """Create the objects without opening anything; raises `ConfigurationError` for
        an invalid key file.

        `database`, `passwords` and `timing` are replaced in tests, where a new engine,
        the real cost of a hash and the real time-outs of replicas would be too slow.
        """
        database = database or Database(settings.database_url)
        container = cls(
            settings=settings,
            database=database,
            keyring=Keyring(settings.secret_keys, reread=settings.secret_keys_again),
            passwords=passwords or Passwords(),
            registry=_registry(settings),
            durable=Durable(database, timing=timing),
        )
        container.register_workflows()
        return container

    def register_workflows(self) -> None:
        """Durable work resumes unfinished workflows at start, so all must be
        registered.
        """
        _ = self.redemptions, self.sync_workflow, self.catalogue_syncs
        _ = self.request_syncs

    @asynccontextmanager
    async def running(self, *, shown_at: str) -> AsyncGenerator[None]:
        """From the first request to the last; the schema is already up to date.

        `shown_at` is the address at which people reach us, if known. Raises
        `ConfigurationError` when the secret key does not match the stored values.
        """
        try:
            await require_keys(self.database, self.keyring, Base.metadata)
            self.registry.set_device_id(await device_id(self.database))
            async with self.durable:
                await self._offer_set_up(shown_at)
                yield
        finally:
            self.passwords.close()
            await self.database.close()

    async def _offer_set_up(self, shown_at: str) -> None:
        token = await self.set_up.ensure_token()
        if token is not None:
            link = setup_link(self.settings.base_url or shown_at, token)
            sentence = f"Nobody owns this installation yet. Set it up: {link}"
            print(f"\n{sentence}\n", flush=True)  # noqa: T201

    @cached_property
    def accounts(self) -> AccountService:
        return AccountService(
            self.database, self.passwords, sign_in_limit=self.settings.sign_in_limit
        )

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self.database)

    @cached_property
    def set_up(self) -> SetUp:
        return SetUp(
            self.database,
            self.keyring,
            self.passwords,
            data_dir=self.settings.data_dir,
        )

    @cached_property
    def provisioner(self) -> Provisioner:
        return Provisioner(self.database, self.keyring, self.registry)

    @cached_property
    def redemptions(self) -> RedemptionFlow:
        return RedemptionFlow(self.database, self.durable, self.provisioner)

    @cached_property
    def leftovers(self) -> Leftovers:
        return Leftovers(self.database, self.keyring, self.registry)

    @cached_property
    def retry_job(self) -> RetryJob:
        return RetryJob(self.database, self.provisioner, lock=self.durable.lock)

    @cached_property
    def acceptance_poll(self) -> AcceptancePoll:
        return AcceptancePoll(self.database, self.keyring, self.registry)

    @cached_property
    def join(self) -> JoinService:
        return JoinService(
            self.database,
            self.keyring,
            self.provisioner,
            self.plex_sign_ins,
            self.redemptions.start,
            limit=self.settings.join_limit,
        )

    def invitations(self, session: Session, actor: Actor) -> InvitationService:
        return InvitationService(session, actor, self.keyring)

    def redemption_service(self, session: Session, actor: Actor) -> RedemptionService:
        return RedemptionService(session, actor, self.keyring)

    @cached_property
    def plex_sign_ins(self) -> PlexSignInService:
        return PlexSignInService(
            self.database,
            self.keyring,
            self.registry,
            limit=self.settings.join_limit,
        )

    def linking(self, work: UnitOfWork, actor: Actor) -> PlexLinking:
        return PlexLinking(
            work,
            self.plex_sign_ins,
            actor,
            added_servers=added_machine_ids,
            base_url=self.settings.base_url,
        )

    def servers(self, work: UnitOfWork, actor: Actor) -> MediaServerService:
        return MediaServerService(
            work,
            self.keyring,
            self.registry,
            actor,
            ServerHooks(
                reconcile_accounts=reconcile_accounts,
                impact_providers=IMPACT_PROVIDERS,
                before_removal=[EndRedemptions(self.keyring), forget_catalogue],
                on_replacement=[mark_all_missing],
            ),
        )

    def servers_for(self, actor: Actor) -> MediaServerService:
        return self.servers(partial(self.database.scoped, actor.workspace_id), actor)

    def people(self, session: Session, actor: Actor) -> PeopleService:
        return PeopleService(session, actor, pages=self._people_pages)

    @cached_property
    def _people_pages(self) -> PeoplePages:
        return UntilWrite(self.database, size=PAGES_KEPT)

    def actions(self, work: UnitOfWork, actor: Actor) -> PeopleActions:
        connections = Connections(work, self.keyring, self.registry)
        return PeopleActions(work, connections, self.durable.lock, actor)

    @cached_property
    def sync_workflow(self) -> SyncWorkflow:
        return SyncWorkflow(self.database, self.durable, self.servers_for)

    @cached_property
    def catalogue_syncs(self) -> CatalogueSyncs:
        requests = self.request_syncs
        hooks = CatalogueHooks(along=requests, on_published=requests.link_titles)
        return CatalogueSyncs(
            self.database, self.durable, self.keyring, self.registry, hooks
        )

    @cached_property
    def request_syncs(self) -> RequestSyncs:
        return RequestSyncs(self.database, self.durable, self.keyring, self.registry)

    def seerr(self, work: UnitOfWork, actor: Actor) -> SeerrService:
        return SeerrService(work, self.keyring, self.registry, actor)

    @cached_property
    def daily_sync(self) -> DailySync:
        return DailySync(self.catalogue_syncs)

    @cached_property
    def posters(self) -> PosterService:
        return PosterService(self.database, self.keyring, self.registry)

    def catalogue(self, session: Session, _actor: Actor) -> CatalogueService:
        return CatalogueService(
            session, self.registry, self.remembered_sums, self._requests_of_title
        )

    async def _requests_of_title(
        self, session: Session, title_id: UUID
    ) -> Sequence[TitleRequest]:
        people = PeopleRequestService(session, self._requests_in(session))
        return await people.of_title(title_id)

    def growth(self, session: Session, _actor: Actor) -> GrowthService:
        return GrowthService(session)

    @cached_property
    def remembered_sums(self) -> AtRevision:
        return AtRevision(size=SUMS_KEPT, at_most=SUMS_KEPT_FOR)

    @cached_property
    def remembered_requests(self) -> AtRevision:
        return AtRevision(size=REQUEST_LISTS_KEPT, at_most=SUMS_KEPT_FOR)

    def requests(self, session: Session, _actor: Actor) -> RequestService:
        return self._requests_in(session)

    def _requests_in(self, session: Session) -> RequestService:
        return RequestService(
            session, self.remembered_requests, protections_of_requests
        )

    def people_requests(self, session: Session, _actor: Actor) -> PeopleRequestService:
        return PeopleRequestService(session, self._requests_in(session))

    def request_export(self, work: UnitOfWork, _actor: Actor) -> RequestExport:
        return RequestExport(work, self.remembered_requests, protections_of_requests)

    def request_actions(self, work: UnitOfWork, actor: Actor) -> RequestActions:
        reader = self._requests_in
        return RequestActions(work, self.keyring, self.registry, actor, reader)

    def insights(self, session: Session, _actor: Actor) -> InsightService:
        return InsightService(session, self.registry, self.remembered_sums)

    def insight_summary(self, session: Session, _actor: Actor) -> SummaryService:
        return SummaryService(session, self.remembered_sums, self.remembered_requests)

    def stuck_requests(self, session: Session, _actor: Actor) -> StuckService:
        return StuckService(session, self.remembered_requests)

    def stuck_export(self, work: UnitOfWork, _actor: Actor) -> StuckExport:
        return StuckExport(work, self.remembered_requests)

    def insight_export(self, work: UnitOfWork, _actor: Actor) -> InsightExport:
        return InsightExport(work, self.registry, self.remembered_sums)

    def workspace_settings(self, session: Session, _actor: Actor) -> SettingService:
        return SettingService(session, SETTINGS)

    def protections(self, session: Session, actor: Actor) -> ProtectionService:
        return ProtectionService(session, actor, default_languages=DEFAULT_LANGUAGES)

    @cached_property
    def health_checks(self) -> ServerHealthChecks:
        return ServerHealthChecks(self.database, self.keyring, self.registry)

    @cached_property
    def access_end(self) -> AccessEnd:
        return AccessEnd(
            self.database, self.keyring, self.registry, lock=self.durable.lock
        )

    @property
    def checks(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        """The dependencies of the program, and their checks."""
        return {"database": self.database.ping, "durable_work": self.durable.ping}

    @property
    def notices(self) -> Mapping[str, Callable[[], Awaitable[bool]]]:
        """Conditions an operator should know about although the program works."""
        return {
            "clock": self.durable.is_clock_back,
            "set_aside": self.durable.has_set_aside,
        }


def _registry(settings: Settings) -> ClientRegistry:
    registry = ClientRegistry()
    register_clients(registry)
    options = ClientOptions(
        allow_private_addresses=settings.allow_private_urls,
        ca_file=settings.ca_file,
        plex_tv_url=settings.plex_tv_url,
        plex_clients_url=settings.plex_clients_url,
        plex_app_url=settings.plex_app_url,
    )
    registry.configure(options)
    return registry
