"""Bodies of protocols and their parameters."""

from gateway.api.schemas import Schema
from gateway.targets.protocols import ParameterKind


class ParameterOut(Schema):
    """One field of a form."""

    name: str
    title: str
    kind: ParameterKind
    choices: list[str]
    default: str
    help: str


class ProtocolOut(Schema):
    """A protocol and its form."""

    name: str
    title: str
    default_port: int
    parameters: list[ParameterOut]
