"""Who wants to be suggested as an expert: for their own devices."""

from __future__ import annotations

from dataclasses import dataclass

from subscriptions.chat import OwnEvent


@dataclass(frozen=True, slots=True)
class ExpertSuggestionsChanged(OwnEvent):
    """Somebody has chosen anew whether they may be suggested as an expert."""
