"""Why an emulated processor stopped, when nothing went wrong."""

from __future__ import annotations

from enum import Enum


class Stop(Enum):
    """Why a run ended without an error."""

    RETURNED = "main, or the called function, returned"
    LIMIT = "a limit of instructions or cycles was met; run again to go on"
    REQUESTED = "a peripheral asked for it; run again to go on"
    ASLEEP = "the program waits for an interrupt (`wfi`); run again when one comes"
