from .api_key import ApiKey, Scope
from .credential import Credential, CredentialState
from .invitation import Invitation
from .user import User
from .workspace import Membership, Role, Workspace

__all__ = [
    "ApiKey",
    "Credential",
    "CredentialState",
    "Invitation",
    "Membership",
    "Role",
    "Scope",
    "User",
    "Workspace",
]
