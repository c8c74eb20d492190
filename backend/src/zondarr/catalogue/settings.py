"""The settings of the catalogue."""

from zondarr.settings.definitions import SettingDefinition, number

DEFAULT_SYNC_HOUR = 4
SYNC_HOUR = number(
    "sync_hour",
    "The hour of the day (UTC) in which the catalogue is read; null: only when somebody"
    " asks for it.",
    default=DEFAULT_SYNC_HOUR,
    minimum=0,
    maximum=23,
    unit="hour",
    nullable=True,
)
CATALOGUE_SETTINGS: tuple[SettingDefinition, ...] = (SYNC_HOUR,)
