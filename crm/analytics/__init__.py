"""Pure computations: a typed table in, a frozen result out; no database, no screen."""
