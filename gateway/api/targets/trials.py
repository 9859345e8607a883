"""Trials of targets by administrators, with their audit events."""

from typing import Final

from gateway import guacd_address
from gateway.api.targets.schemas import TrialOut
from gateway.audit import Actor, AuditTag, record
from gateway.context import GatewayState
from gateway.db.models import User
from gateway.db.repositories import sessions, targets
from gateway.proxies.desktop import trial
from gateway.proxies.desktop.guacd import Connection, Screen
from gateway.proxies.desktop.parameters import guacd_parameters
from gateway.targets import targets as service
from gateway.targets.addresses import check_resolved

_TRIAL_SCREEN: Final = Screen(1024, 768, 96, "")


def try_target(state: GatewayState, target_id: str, user: User, actor: Actor) -> TrialOut:
    """Try a target and audit the trial. Blocks for seconds, outside any transaction.

    Does not sign in while a session is running there, because many targets would end it. The address must be allowed for
    targets. Raises TooManyTrialsError, InvalidInputError.
    """
    with state.database.read() as session:
        target = service.find(session, target_id)
    check_resolved(state.settings, target.host)
    with state.database.read() as session:
        parameters = guacd_parameters(state.settings, target, targets.credential_of(session, target.id))
        in_use = sessions.is_target_in_use(session, target.id)
    connection = Connection(target.protocol, parameters, user.username, _TRIAL_SCREEN)
    found = trial.try_target(guacd_address.parse(state.settings.guacd), connection, with_sign_in=not in_use)
    with state.database.write() as session:
        details = {"name": target.name, "reach": found.reach, "sign_in": found.sign_in}
        record(session, AuditTag.TARGET_TRIED, actor, subject_id=target.id, **details)
    return TrialOut(reach=found.reach, sign_in=found.sign_in, in_use=in_use, duration_ms=found.duration_ms)
