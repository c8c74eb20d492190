import type { components } from './schema.d.ts';

// The contract's shapes under the words the UI uses. Nothing is declared by hand.
type Schemas = components['schemas'];

export type SessionView = Schemas['SessionResponse'];
export type ActiveSession = Schemas['ActiveSession'];

export type Server = Schemas['ServerResponse'];
export type ServerFound = Schemas['ServerFound'];
export type ServerRemoval = Schemas['ServerRemoval'];
export type ServerType = Schemas['ServerTypeResponse'];
export type Ability = Schemas['Capability'];
export type ServerUpdate = Schemas['ServerUpdate'];
export type NewServer = Schemas['ServerCreate'];
export type PlexPin = Schemas['PlexPinResponse'];
export type PlexSignIn = Schemas['PlexPinState'];
export type PlexServer = Schemas['PlexServerFound'];
export type PlexConnection = Schemas['PlexConnection'];
export type Library = Schemas['LibraryResponse'];

export type Invitation = Schemas['InvitationResponse'];
export type InvitationCreate = Schemas['InvitationCreate'];
export type InvitationUpdate = Schemas['InvitationUpdate'];
export type Permissions = Schemas['Permissions'];
export type Gap = Schemas['Gap'];
export type Redemption = Schemas['RedemptionResponse'];

export type Identity = Schemas['IdentityResponse'];
export type IdentityUpdate = Schemas['IdentityUpdate'];
export type User = Schemas['UserResponse'];
export type ActionResult = Schemas['ActionResult'];
export type DeletionPreview = Schemas['DeletionPreview'];
export type ServerDeletionPreview = Schemas['ServerDeletionPreview'];

export type Job = Schemas['JobResponse'];
export type JobPage = Schemas['JobPage'];
export type SetAsideWork = Schemas['SetAsideWork'];
export type Leftover = Schemas['LeftoverResponse'];
export type Run = Schemas['RunResponse'];

export type JoinPage = Schemas['JoinPage'];
export type JoinAccepted = Schemas['JoinAccepted'];
export type JoinProgress = Schemas['JoinProgress'];
export type JoinServerProgress = Schemas['JoinServerProgress'];

export type Title = Schemas['TitleResponse'];
export type TitleDetail = Schemas['TitleDetail'];
export type TitleKind = Schemas['TitleKind'];
export type Copy = Schemas['Copy'];
export type Leaf = Schemas['LeafResponse'];
export type FileVersion = Schemas['FileResponse'];
export type Track = Schemas['TrackResponse'];
export type WatchedBy = Schemas['WatchedBy'];
export type CatalogueState = Schemas['CatalogueState'];
export type RunPart = Schemas['RunPart'];
export type GrowthDay = Schemas['GrowthDay'];

export type Insight = Schemas['Insight'];
export type Finding = Schemas['FindingRow'];
export type FindingPart = Schemas['FindingPart'];
export type ReasonFact = Schemas['ReasonFact'];
export type Policy = Schemas['PolicyResponse'];
export type Protection = Schemas['ProtectionResponse'];
export type ProtectionUpdate = Schemas['ProtectionUpdate'];
export type NewProtections = Schemas['ProtectionBulk'];
export type Preset = Schemas['PresetResponse'];
export type BulkItem = Schemas['BulkItem'];
export type ImportBody = Schemas['ProtectionImport'];
export type ImportResult = Schemas['ImportResponse'];
export type TitleVerdict = Schemas['TitleVerdict'];
export type Summary = Schemas['InsightSummary'];
export type InsightAmount = Schemas['InsightAmount'];
export type LibraryAmount = Schemas['LibraryAmount'];
export type NewProtection = Schemas['ProtectionCreate'];
export type ProtectionScope = Schemas['ScopeRequest'];

export type MediaRequest = Schemas['RequestResponse'];
export type RequestState = Schemas['RequestState'];
export type RequestAction = Schemas['RequestAction'];
export type TitleRequest = Schemas['TitleRequest'];
export type PersonRequest = Schemas['PersonRequest'];
export type RequestBulkItem = Schemas['RequestBulkItem'];
export type StuckRow = Schemas['StuckRow'];
export type RequestPage = Schemas['RequestPage'];
export type Seerr = Schemas['SeerrConnection'];
export type SeerrFound = Schemas['SeerrFound'];
export type SeerrUpdate = Schemas['SeerrUpdate'];
export type SeerrRemoval = Schemas['SeerrRemoval'];
export type SeerrUser = Schemas['SeerrUser'];
