"""Real engines from wheels: PostgreSQL and Valkey, started in a data folder and shared by all who use it."""
