"""Properties are checked without a stopwatch: a busy machine is no failure."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "no stopwatch",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("no stopwatch")
