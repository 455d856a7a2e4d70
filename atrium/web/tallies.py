"""What is counted at every answer, in plain Python, and handed to Prometheus when it asks: its own take a lock each."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry
from prometheus_client import Histogram as Prometheus
from prometheus_client.metrics_core import CounterMetricFamily, HistogramMetricFamily

BOUNDS = Prometheus.DEFAULT_BUCKETS  # seconds; the last is infinite
NAMES = [*map(str, BOUNDS[:-1]), "+Inf"]


class Counts:
    """A counter with one label. For the loop's own thread alone."""

    def __init__(self, name: str, about: str, label: str, registry: CollectorRegistry) -> None:
        self._name, self._about, self._label = name, about, label
        self.of: Counter[str] = Counter()
        registry.register(self)

    def collect(self) -> Iterator[CounterMetricFamily]:
        """As it stands."""
        family = CounterMetricFamily(self._name, self._about, labels=[self._label])
        for value, count in self.of.items():
            family.add_metric([value], count)
        yield family


class Total:
    """A counter without labels. For the loop's own thread alone."""

    def __init__(self, name: str, about: str, registry: CollectorRegistry) -> None:
        self._name, self._about = name, about
        self.count = 0
        registry.register(self)

    def collect(self) -> Iterator[CounterMetricFamily]:
        """As it stands."""
        yield CounterMetricFamily(self._name, self._about, value=self.count)


class Times:
    """A histogram of seconds with one label. For the loop's own thread alone."""

    def __init__(self, name: str, about: str, label: str, registry: CollectorRegistry) -> None:
        self._name, self._about, self._label = name, about, label
        self._of: dict[str, Spread] = {}
        registry.register(self)

    def observe(self, value: str, took: float) -> None:
        """One that took so many seconds."""
        spread = self._of.get(value)
        if spread is None:
            spread = self._of[value] = Spread()
        spread.counts[bisect_left(BOUNDS, took)] += 1
        spread.sum += took

    def collect(self) -> Iterator[HistogramMetricFamily]:
        """As it stands."""
        family = HistogramMetricFamily(self._name, self._about, labels=[self._label])
        for value, spread in self._of.items():
            heights = zip(NAMES, accumulate(spread.counts), strict=True)
            family.add_metric([value], list(heights), spread.sum)
        yield family


class Spread:
    """How many fell below each bound and above the one before it, and their sum."""

    __slots__ = ("counts", "sum")

    def __init__(self) -> None:
        self.counts = [0] * len(BOUNDS)
        self.sum = 0.0
