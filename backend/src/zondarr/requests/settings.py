"""The settings of what is read from Seerr."""

from zondarr.settings.definitions import SettingDefinition, languages

TITLE_LANGUAGE = languages(
    "request_title_language",
    "The language in which titles from Seerr are named, where there is a name in it;"
    " only the first one counts. Empty: Seerr's own.",
    default=[],
)
SEERR_SETTINGS: tuple[SettingDefinition, ...] = (TITLE_LANGUAGE,)
