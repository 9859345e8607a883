"""The parameters guacd connects with: the target's, and what the gateway decides itself."""

from typing import Final

from gateway.db.models import Credential, Target
from gateway.settings import Settings
from gateway.targets.credentials import CredentialVault
from gateway.targets.protocols import checked_parameters, server_layout

_CLIENT_NAME: Final = "Reelgate"


def guacd_parameters(
    settings: Settings, target: Target, credential: Credential | None, keyboard: str = ""
) -> dict[str, str]:
    """Return guacd's parameters, secrets included: the target's, checked again, with address, credential, keyboard.

    Raises ReelgateError.
    """
    parameters = checked_parameters(target.protocol, target.parameters)
    if target.protocol == "rdp":
        parameters.setdefault("client-name", _CLIENT_NAME)
        parameters.setdefault("server-layout", server_layout(keyboard))
    parameters |= {"hostname": target.host, "port": str(target.port)}
    if credential is not None:
        secret = CredentialVault.open(settings).decrypt(credential.encrypted_secret)
        parameters |= {"username": credential.username, "password": secret}
    return parameters
