"""Errors of accounts, with messages for the person who signs in.

UnauthorizedError       CredentialsWrongError     credentials_wrong InvalidError
PasswordWrongError        password_wrong ForbiddenError          SetupTokenWrongError
setup_token_wrong
                        CsrfFailedError           csrf_failed
                        RoleMissingError          role_missing
ConflictError           AlreadySetUpError         already_set_up
                        EmailTakenError           email_taken
TooManyRequestsError    BusyError                 busy
"""

from zondarr.core.exceptions import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    TooManyRequestsError,
    UnauthorizedError,
)


class CredentialsWrongError(UnauthorizedError):
    """The same for an unknown address, a wrong password and a disabled account."""

    code = "credentials_wrong"

    def __init__(self) -> None:
        super().__init__("The e-mail address or the password is wrong.")


class PasswordWrongError(InvalidError):
    code = "password_wrong"

    def __init__(self) -> None:
        fields = {"current_password": "is wrong"}
        super().__init__("The current password is wrong.", **fields)


class SetupTokenWrongError(ForbiddenError):
    code = "setup_token_wrong"

    def __init__(self) -> None:
        super().__init__(
            "The set-up token is wrong. It is printed on the console, and lies in the"
            " file setup-token of the data folder."
        )


class CsrfFailedError(ForbiddenError):
    code = "csrf_failed"

    def __init__(self) -> None:
        super().__init__("Send X-CSRF-Token as GET /api/v1/session gives it.")


class RoleMissingError(ForbiddenError):
    code = "role_missing"

    def __init__(self, role: str) -> None:
        super().__init__(f"This takes an account with the role {role}.")


class AlreadySetUpError(ConflictError):
    code = "already_set_up"

    def __init__(self) -> None:
        super().__init__("Zondarr has an owner already. Sign in instead.")


class EmailTakenError(ConflictError):
    code = "email_taken"

    def __init__(self) -> None:
        super().__init__("There is an account with this e-mail address already.")


class BusyError(TooManyRequestsError):
    """Too many passwords are waiting to be checked."""

    code = "busy"
