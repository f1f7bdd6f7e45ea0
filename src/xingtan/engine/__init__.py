"""Pure computation: specs and tables in, frozen results out. No Django, no I/O, no clock, no hidden randomness."""
